import { type Refusal, RefusedError } from '@mixdown/contract';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '../auth/identity.ts';
import type { Verify } from '../auth/verify-token.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null = nobody signed in. */
    identity: Identity | null;
  }
}

const SIGN_IN: Refusal = {
  code: 'unauthenticated',
  detail: 'Send an access token: Authorization: Bearer <token>.',
};
const SIGN_IN_AGAIN: Refusal = {
  code: 'token_invalid',
  detail: 'The access token is expired, damaged, or not from here. Sign in again.',
};

/** Who the Bearer token says that asks; null without one. Refuses a token that is not valid. */
export async function authenticate(
  verify: Verify,
  request: FastifyRequest,
): Promise<Identity | null> {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const [scheme, token, ...rest] = header.split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length)
    throw new RefusedError(SIGN_IN_AGAIN);
  const identity = await verify(token);
  if (!identity) throw new RefusedError(SIGN_IN_AGAIN);
  return identity;
}

export function requireIdentity(request: FastifyRequest): Identity {
  if (!request.identity) throw new RefusedError(SIGN_IN);
  return request.identity;
}
