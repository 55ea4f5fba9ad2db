import { asService } from '@mixdown/database';
import type { FastifyRequest } from 'fastify';
import { findAccountByEmail, noteSignIn } from './accounts.ts';
import { AuthRefusal } from './auth-error.ts';
import { PasswordGrantBody, parseBody } from './bodies.ts';
import { checkPassword } from './passwords.ts';
import { startSession } from './refresh-tokens.ts';
import type { AuthServices } from './require-session.ts';
import { sessionJson } from './session-json.ts';

/** A new session for e-mail and password. Says the same, after the same time, about a wrong e-mail and password. */
export async function signIn(services: AuthServices, request: FastifyRequest) {
  const { pool, secret, failures } = services;
  const body = parseBody(PasswordGrantBody, request.body);
  const email = body.email.trim().toLowerCase();
  const wait = failures.secondsToWait(request.ip, email);
  if (wait > 0) {
    const words = `Too many attempts. Wait ${wait} seconds.`;
    throw new AuthRefusal('over_request_rate_limit', words, wait);
  }
  // The hash is checked outside of any transaction: it takes longer than a connection should be held.
  const account = await asService(pool, (tx) => findAccountByEmail(tx, email));
  if (!(await checkPassword(body.password, account?.passwordHash ?? null)) || !account) {
    failures.failed(request.ip, email);
    throw new AuthRefusal('invalid_credentials');
  }
  failures.succeeded(request.ip, email);
  const session = await asService(pool, async (tx) => {
    await noteSignIn(tx, account.id);
    return startSession(tx, account.id);
  });
  return sessionJson({ ...account, lastSignInAt: new Date() }, session, secret);
}
