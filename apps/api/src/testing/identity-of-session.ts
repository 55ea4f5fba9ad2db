import { type Identity, identityOf } from '../auth/identity.ts';
import type { Caller } from './caller.ts';

/** Who a caller is, as their token says. */
export function identityOfCaller({ session }: Pick<Caller, 'session'>): Identity {
  const [, payload = ''] = session?.access_token.split('.') ?? [];
  const identity = identityOf(JSON.parse(Buffer.from(payload, 'base64url').toString() || 'null'));
  if (!identity) throw new Error('the caller is not signed in');
  return identity;
}
