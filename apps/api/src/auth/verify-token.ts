import { refuse } from '@mixdown/contract';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { type Identity, identityOf } from './identity.ts';

/** Whose tokens are taken. */
export interface TokenTrust {
  readonly issuer: string;
  /** For HS256; null = tokens signed with a shared secret are refused. */
  readonly secret: Uint8Array | null;
  /** For ES256, RS256 and EdDSA; null = refused. */
  readonly publicKeys: JWTVerifyGetKey | null;
}

export type Verify = (token: string) => Promise<Identity | null>;

const AUDIENCE = 'authenticated';
/** Clocks of two machines may differ by this much, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;
const ASYMMETRIC = ['ES256', 'RS256', 'EdDSA'];

/**
 * Makes the check of access tokens: signature, algorithm, issuer, audience, expiry, and claims that name an account.
 * Resolves to null for whatever is not valid. Refuses with `unavailable` if the issuer's keys cannot be had.
 */
export function createVerify(trust: TokenTrust): Verify {
  const options = {
    issuer: trust.issuer,
    audience: AUDIENCE,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
  };
  async function payloadOf(token: string): Promise<unknown> {
    // The kind of key follows from the algorithm, each with a list of its own: a public key never checks an HMAC.
    const { alg } = decodeProtectedHeader(token);
    if (alg === 'HS256') {
      if (!trust.secret) return null;
      return (await jwtVerify(token, trust.secret, { ...options, algorithms: ['HS256'] })).payload;
    }
    if (!trust.publicKeys || !ASYMMETRIC.includes(alg ?? '')) return null;
    const checked = await jwtVerify(token, trust.publicKeys, {
      ...options,
      algorithms: ASYMMETRIC,
    });
    return checked.payload;
  }
  return async (token) => {
    try {
      return identityOf(await payloadOf(token));
    } catch (error) {
      if (isAboutToken(error)) return null;
      throw refuse('unavailable', 'Your sign-in cannot be checked right now. Try again.', {
        retryAfterSeconds: 2,
      });
    }
  };
}

/** `decodeProtectedHeader` throws TypeErrors; of jose's errors only a time-out and bad answers are not the token's. */
function isAboutToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  if (error instanceof errors.JOSEError) return error.code !== 'ERR_JOSE_GENERIC';
  return error instanceof TypeError && error.message.includes('Token');
}

/** Trust in a Supabase project: its published keys, and its legacy secret where that is given. */
export function supabaseTrust(supabase: { url: string; jwtSecret: string | null }): TokenTrust {
  const issuer = `${supabase.url}/auth/v1`;
  return {
    issuer,
    secret: supabase.jwtSecret ? new TextEncoder().encode(supabase.jwtSecret) : null,
    publicKeys: createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)),
  };
}
