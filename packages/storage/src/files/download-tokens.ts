import { createHmac, timingSafeEqual } from 'node:crypto';
import { checkKey } from '../keys.ts';

export interface DownloadGrant {
  readonly key: string;
  /** Content-Disposition of the answer. */
  readonly disposition: string;
  /** Content-Type of the answer. */
  readonly type: string;
  /** The account that it was minted for; none = whoever has it may use it. */
  readonly viewer?: string;
}

const MAX_TOKEN = 4096;

/** `base64url(JSON {key, exp, disposition, type, viewer?}) . base64url(HMAC-SHA256 of that text)`; `exp` in Unix seconds. */
export function signDownloadToken(secret: Buffer, grant: DownloadGrant, exp: number): string {
  const payload = Buffer.from(JSON.stringify({ ...grant, exp })).toString('base64url');
  return `${payload}.${mac(secret, payload).toString('base64url')}`;
}

/** The grant of a token that is genuine and has not expired at `now` (Unix milliseconds), else null. */
export function verifyDownloadToken(
  secret: Buffer,
  token: string,
  now: number,
): DownloadGrant | null {
  const [payload, signature, ...rest] = token.length <= MAX_TOKEN ? token.split('.') : [];
  if (!payload || !signature || rest.length > 0) return null;
  const expected = mac(secret, payload);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  // Base64url has several spellings of the same bytes; only the one that was minted counts.
  if (expected.toString('base64url') !== signature) return null;
  const { key, exp, disposition, type, viewer } = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  ) as DownloadGrant & { exp: number };
  if (exp * 1000 <= now) return null;
  return { key: checkKey(key), disposition, type, ...(viewer !== undefined && { viewer }) };
}

const mac = (secret: Buffer, payload: string) =>
  createHmac('sha256', secret).update('download\0').update(payload).digest();
