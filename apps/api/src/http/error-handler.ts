import { ERRORS, type Refusal } from '@mixdown/contract';
import type { Telemetry } from '@mixdown/telemetry';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from './problem.ts';
import { refusalOfError } from './refusal-of-error.ts';

const INTERNAL: Refusal = {
  code: 'internal',
  detail: 'It was not your request. Try again; if it stays, tell us the request id.',
};

/** Sends a refusal as problem+json. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterSeconds))));
  }
  const { status } = ERRORS[refusal.code];
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(toProblem(refusal, reply.request.id));
}

/** One renderer for every error of the API; what nobody expected is logged and reported, and told as a 500. */
export function installErrorHandler(app: FastifyInstance, telemetry: Telemetry): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOfError(error);
    if (refusal) {
      request.log.info({ code: refusal.code }, 'refused');
      return sendRefusal(reply, refusal);
    }
    request.log.error({ err: error }, 'failed');
    telemetry.captureError(error, {
      tags: { route: request.routeOptions.url ?? 'none', method: request.method },
      extra: { requestId: request.id },
    });
    return sendRefusal(reply, INTERNAL);
  });
}

/** The answer for an address that no route serves. */
export function sendNoSuchRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const detail = `${request.method} ${request.url.split('?')[0]?.slice(0, 200)} does not exist.`;
  return sendRefusal(reply, { code: 'not_found', detail });
}
