import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Metrics } from '@mixdown/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding, compress, isCompressible, WORTH_COMPRESSING_BYTES } from './compress.ts';
import { securityHeaders } from './security-headers.ts';

/** A caller's own id, so that one request can be followed through several systems; else a new one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
}

/** What every answer carries, whatever it answers. */
export function setAnswerHeaders(
  request: Pick<FastifyRequest, 'id'>,
  reply: FastifyReply,
  https: boolean,
): void {
  reply.header('x-request-id', request.id).headers(securityHeaders(https));
}

/** Ids, security headers, logs, metrics and compression, for every answer. */
export function installRequestHooks(
  app: FastifyInstance,
  o: { metrics: Metrics; https: boolean },
): void {
  app.addHook('onRequest', async (request, reply) => setAnswerHeaders(request, reply, o.https));

  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || reply.hasHeader('content-encoding')) return payload;
    if (!isCompressible(String(reply.getHeader('content-type') ?? ''))) return payload;
    reply.header('vary', 'accept-encoding');
    const encoding = acceptedEncoding(request.headers['accept-encoding']);
    if (!encoding || payload.length < WORTH_COMPRESSING_BYTES) return payload;
    const body = await compress(Buffer.from(payload), encoding, 'fast');
    reply.header('content-encoding', encoding).removeHeader('content-length');
    return body;
  });

  app.addHook('onResponse', async (request, reply) => {
    // The pattern, never the address: addresses carry tokens and what people search for.
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const { method } = request;
    const { statusCode: status } = reply;
    // A stream lasts as long as somebody listens, which says nothing about how fast we answer.
    const streamed = String(reply.getHeader('content-type')).startsWith('text/event-stream');
    if (!streamed) o.metrics.httpRequest({ method, route, status }, reply.elapsedTime / 1000);
    request.log[status >= 500 ? 'error' : 'info'](
      { method, route, status, ms, userId: request.identity?.userId },
      'answered',
    );
  });
}
