import { once } from 'node:events';
import { connect } from 'node:net';
import { ERRORS, Problem } from '@mixdown/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { answerToBadBytes } from './client-errors.ts';

let server: TestServer;
let port = 0;
beforeAll(async () => {
  server = await createTestServer();
  port = Number(new URL(await server.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterAll(() => server.close());

/** All that comes back for these bytes, until the server closes. */
async function send(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}
function parse(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = new Headers(
    fields.map((field) => field.split(/:\s*(.*)/s).slice(0, 2) as [string, string]),
  );
  return { status: Number(line.split(' ')[1]), headers, body };
}

const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n';
it.each([
  ['no HTTP at all', 'nonsense\r\n\r\n', 'malformed_request'],
  ['a method that there is not', `MIX${REQUEST.slice(3)}\r\n`, 'malformed_request'],
  ['a length below zero', `${REQUEST}Content-Length: -1\r\n\r\n`, 'malformed_request'],
  [
    'two lengths of which one is a lie',
    `${REQUEST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'malformed_request',
  ],
  ['headers without end', `${REQUEST}X-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 'headers_too_large'],
  [
    'an address without end',
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    'headers_too_large',
  ],
] as const)('%s is answered like everything else', async (_, bytes, code) => {
  const { status, headers, body } = parse(await send(bytes));
  const problem = Problem.parse(JSON.parse(body));
  expect(problem).toMatchObject({ code, status });
  expect(status).toBe(ERRORS[code].status);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(headers.get('x-request-id')).toBe(problem.requestId);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(body));
});

it('a request that does not arrive in time is told so', () => {
  const answer = answerToBadBytes('ERR_HTTP_REQUEST_TIMEOUT', { requestId: 'r', https: true });
  expect(parse(answer)).toMatchObject({ status: 408 });
  expect(answer).toContain('strict-transport-security: ');
});
