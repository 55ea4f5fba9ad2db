import { asService } from '@mixdown/database';
import type { FastifyRequest } from 'fastify';
import { findAccount } from './accounts.ts';
import { AuthRefusal } from './auth-error.ts';
import { parseBody, RefreshGrantBody } from './bodies.ts';
import { rotate } from './refresh-tokens.ts';
import type { AuthServices } from './require-session.ts';
import { sessionJson } from './session-json.ts';

/** The next tokens of a session, with what the account may do by now. */
export async function refreshSession(
  { pool, secret, sessions }: AuthServices,
  request: FastifyRequest,
) {
  const { refresh_token } = parseBody(RefreshGrantBody, request.body);
  // A refusal is not thrown in here: it would roll back the end of a session whose token was reused.
  const { rotation, account } = await asService(pool, async (tx) => {
    const rotation = await rotate(tx, refresh_token);
    return { rotation, account: rotation.ok ? await findAccount(tx, rotation.userId) : null };
  });
  if (!rotation.ok) {
    if (rotation.reason === 'reused') {
      request.log.warn('a refresh token was used twice');
      sessions.forgetUser(rotation.userId);
    }
    throw new AuthRefusal(
      rotation.reason === 'reused' ? 'refresh_token_already_used' : 'refresh_token_not_found',
    );
  }
  if (!account) throw new AuthRefusal('user_not_found');
  return sessionJson(account, rotation, secret);
}
