import { RefusedError } from '@mixdown/contract';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusalOfDatabaseError } from '../../db/refusal-of-database-error.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { AuthRefusal, sendAuthError } from './auth-error.ts';
import { logout } from './logout.ts';
import { refreshSession } from './refresh-session.ts';
import type { AuthServices } from './require-session.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';
import { readUser, updateUser } from './user.ts';

const GRANTS = { password: signIn, refresh_token: refreshSession } as const;

/**
 * The endpoints of GoTrue that auth-js calls, for installations without Supabase: `/signup`, `/token`, `/user`,
 * `/logout`, below the prefix under which this is registered.
 */
export function embeddedAuthRoutes(services: AuthServices) {
  return async (app: FastifyInstance): Promise<void> => {
    const hidden = { schema: { hide: true } };
    app.setErrorHandler((error: FastifyError, request, reply) => {
      if (error instanceof AuthRefusal) {
        if (error.retryAfterSeconds) reply.header('retry-after', String(error.retryAfterSeconds));
        return sendAuthError(reply, error.code, error.message);
      }
      if (error.statusCode === 413) return sendAuthError(reply, 'request_too_large');
      if (error.statusCode && error.statusCode < 500) return sendAuthError(reply, 'bad_json');
      const refusal = error instanceof RefusedError ? error.refusal : refusalOfDatabaseError(error);
      if (refusal?.retryAfterSeconds) {
        reply.header('retry-after', String(refusal.retryAfterSeconds));
      }
      if (refusal?.code === 'rate_limited') return sendAuthError(reply, 'over_request_rate_limit');
      if (refusal?.code === 'unavailable') return sendAuthError(reply, 'unavailable');
      if (refusal) return sendAuthError(reply, 'validation_failed');
      request.log.error({ err: error }, 'failed');
      return sendAuthError(reply, 'unexpected_failure');
    });
    app.addHook(
      'onSend',
      async (_request, reply) => void reply.header('cache-control', 'no-store'),
    );

    // Each costs a hash, or makes an account: an address gets few of them.
    const limit = createLimit(app, {
      perMinute: services.attemptsPerMinute,
      keyOf: (request) => request.ip,
    });
    const limited = { ...hidden, onRequest: limit };

    app.post('/signup', limited, (request) => signUp(services, request));
    const onToken = async (request: FastifyRequest, reply: FastifyReply) => {
      const { grant_type: grant } = request.query as { grant_type?: unknown };
      if (grant !== 'refresh_token') await limit(request, reply);
    };
    const token = { ...hidden, onRequest: onToken };
    app.post<{ Querystring: { grant_type?: unknown } }>('/token', token, (request) => {
      const grant = request.query.grant_type;
      if (grant !== 'password' && grant !== 'refresh_token') {
        throw new AuthRefusal('unsupported_grant_type');
      }
      return GRANTS[grant](services, request);
    });
    app.get('/user', hidden, (request) => readUser(services, request));
    app.put('/user', limited, (request) => updateUser(services, request));
    app.post('/logout', hidden, async (request, reply) => {
      await logout(services, request);
      return reply.code(204).send();
    });
  };
}
