import { RefusedError } from '@mixdown/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const MINUTE_MS = 60_000;
/** A studio's people share an address. */
const ADDRESS_FACTOR = 4;
export type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

interface Left {
  readonly max: number;
  readonly remaining: number;
  readonly seconds: number;
}

/** Of several limits that hold for a request, its answer tells the one that will be used up first. */
function tellWhatIsLeft(reply: FastifyReply, { max, remaining, seconds }: Left): void {
  const told = reply.getHeader('ratelimit-remaining');
  if (told !== undefined && Number(told) <= remaining) return;
  reply.headers({
    'ratelimit-limit': String(max),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(seconds),
  });
}

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
  return async (request, reply) => {
    const result = await count(request);
    if (result.isAllowed) return;
    const seconds = Math.max(1, result.ttlInSeconds);
    const { max, remaining } = result;
    tellWhatIsLeft(reply, { max, remaining, seconds });
    if (!result.isExceeded) return;
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
