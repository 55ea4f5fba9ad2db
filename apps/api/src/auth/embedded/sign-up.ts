import { asService } from '@mixdown/database';
import type { FastifyRequest } from 'fastify';
import { type Account, createAccount, findAccount, noteSignIn } from './accounts.ts';
import { AuthRefusal } from './auth-error.ts';
import { checkedEmail, checkedPassword, parseBody, SignUpBody } from './bodies.ts';
import { hashPassword } from './passwords.ts';
import { startSession } from './refresh-tokens.ts';
import type { AuthServices } from './require-session.ts';
import { sessionJson } from './session-json.ts';

/** A new account with e-mail and password, or, without an e-mail, a guest; signed in either way. */
export async function signUp({ pool, secret }: AuthServices, request: FastifyRequest) {
  const body = parseBody(SignUpBody, request.body);
  const email = body.email ? checkedEmail(body.email) : null;
  const passwordHash = email ? await hashPassword(checkedPassword(body.password)) : null;
  const { account, session } = await asService(pool, async (tx) => {
    const role = email ? 'pro' : 'guest';
    const created = await createAccount(tx, { role, email, passwordHash });
    if (!created) throw new AuthRefusal('user_already_exists');
    await noteSignIn(tx, created.id);
    const account = (await findAccount(tx, created.id)) as Account;
    return { account, session: await startSession(tx, created.id) };
  });
  return sessionJson(account, session, secret);
}
