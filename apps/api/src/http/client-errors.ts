import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { ERRORS, type Refusal } from '@mixdown/contract';
import type { FastifyBaseLogger } from 'fastify';
import { toProblem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

const NOT_HTTP: Refusal = {
  code: 'malformed_request',
  detail: 'This is not a request as HTTP has them; it was not read any further.',
};

/** By Node's code of what was wrong with the bytes. */
const BY_CODE: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers_too_large',
    detail: 'Address and headers together may have 16 KB; send fewer or shorter ones.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request_timeout',
    detail: 'The request did not arrive in time. Send it again.',
  },
};

/** The answer to bytes that never became a request, as it goes over the wire. */
export function answerToBadBytes(
  code: string | undefined,
  o: { requestId: string; https: boolean },
): string {
  const refusal = BY_CODE[code ?? ''] ?? NOT_HTTP;
  const { status, title } = ERRORS[refusal.code];
  const body = JSON.stringify(toProblem(refusal, o.requestId));
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
    'x-request-id': o.requestId,
    ...securityHeaders(o.https),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Answers what Node's parser refuses, before there is a request that hooks could see: like everything else. */
export const clientErrorHandler = (o: { https: boolean }) =>
  function (
    this: { readonly log: FastifyBaseLogger },
    { code }: Error & { code?: string },
    socket: Socket,
  ): void {
    if (code === 'ECONNRESET' || socket.destroyed) return;
    const requestId = randomUUID();
    this.log.info({ reqId: requestId, code }, 'refused before it was a request');
    if (socket.writable) socket.write(answerToBadBytes(code, { requestId, https: o.https }));
    socket.destroySoon();
  };
