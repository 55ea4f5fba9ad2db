import { asService } from '@mixdown/database';
import type { FastifyRequest } from 'fastify';
import { type Account, findAccount, setEmail, setPassword } from './accounts.ts';
import { AuthRefusal } from './auth-error.ts';
import { checkedEmail, checkedPassword, parseBody, UpdateUserBody } from './bodies.ts';
import { hashPassword } from './passwords.ts';
import { endSessions } from './refresh-tokens.ts';
import { type AuthServices, requireSession } from './require-session.ts';
import { userJson } from './session-json.ts';

export async function readUser(services: AuthServices, request: FastifyRequest) {
  const { userId } = await requireSession(services, request);
  const account = await asService(services.pool, (tx) => findAccount(tx, userId));
  if (!account) throw new AuthRefusal('user_not_found');
  return userJson(account);
}

/**
 * Changes e-mail and password. A guest who gives both becomes an account under the same id, so their projects stay
 * theirs. A new password ends the account's other sessions.
 */
export async function updateUser(services: AuthServices, request: FastifyRequest) {
  const { userId, sessionId } = await requireSession(services, request);
  const body = parseBody(UpdateUserBody, request.body);
  const email = body.email ? checkedEmail(body.email) : null;
  const passwordHash =
    body.password === undefined ? null : await hashPassword(checkedPassword(body.password));
  const account = await asService(services.pool, async (tx) => {
    const before = await findAccount(tx, userId);
    if (!before) throw new AuthRefusal('user_not_found');
    if (before.isAnonymous && !(email && passwordHash)) {
      throw new AuthRefusal('validation_failed', 'Give both an e-mail and a password.');
    }
    if (email && !(await setEmail(tx, before, email))) throw new AuthRefusal('email_exists');
    if (passwordHash) {
      await setPassword(tx, userId, passwordHash);
      await endSessions(tx, userId, sessionId);
    }
    return (await findAccount(tx, userId)) as Account;
  });
  if (passwordHash) services.sessions.forgetUser(userId);
  return userJson(account);
}
