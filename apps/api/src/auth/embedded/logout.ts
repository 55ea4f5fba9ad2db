import { asService } from '@mixdown/database';
import type { FastifyRequest } from 'fastify';
import { AuthRefusal } from './auth-error.ts';
import { endSession, endSessions } from './refresh-tokens.ts';
import { type AuthServices, requireSession } from './require-session.ts';

/** Ends this session (`scope=local`), all others (`others`), or all of them (`global`, the default). */
export async function logout(services: AuthServices, request: FastifyRequest): Promise<void> {
  const { userId, sessionId } = await requireSession(services, request);
  const { scope = 'global' } = request.query as { scope?: unknown };
  if (scope !== 'local' && scope !== 'others' && scope !== 'global') {
    throw new AuthRefusal('validation_failed', 'scope must be global, local or others.');
  }
  await asService(services.pool, (tx) => {
    if (scope === 'local') return endSession(tx, sessionId);
    return scope === 'others' ? endSessions(tx, userId, sessionId) : endSessions(tx, userId);
  });
  services.sessions.forgetUser(userId);
}
