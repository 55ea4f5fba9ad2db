import { RefusedError } from '@mixdown/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const MINUTE_MS = 60_000;
/** A studio's people share an address. */
const ADDRESS_FACTOR = 4;
export type Limit = (request: FastifyRequest) => Promise<void>;

/** Requests per minute and key, counted by this process. The limit refuses with `rate_limited` once they are used up. */
export function createLimit(
  app: FastifyInstance,
  o: { perMinute: number; keyOf(request: FastifyRequest): string },
): Limit {
  const count = app.createRateLimit({
    max: o.perMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: o.keyOf,
  });
  return async (request) => {
    const result = await count(request);
    if (result.isAllowed || !result.isExceeded) return;
    const seconds = Math.max(1, result.ttlInSeconds);
    throw new RefusedError({
      code: 'rate_limited',
      detail: `At most ${o.perMinute} requests a minute are answered here. Try again in ${seconds} s.`,
      retryAfterSeconds: seconds,
    });
  };
}

/** The limits that hold for all requests: by address before anything else, and by account once it is known. */
export function createLimits(app: FastifyInstance, perMinute: number) {
  return {
    byAddress: createLimit(app, {
      perMinute: perMinute * ADDRESS_FACTOR,
      keyOf: (request) => request.ip,
    }),
    byAccount: createLimit(app, {
      perMinute,
      keyOf: (request) => request.identity?.userId ?? request.ip,
    }),
  };
}
