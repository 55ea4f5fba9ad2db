import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's scrypt setting for interactive sign-in: 32 MiB and about 80 ms a hash. */
const LN = 15;
const R = 8;
const P = 1;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Bounds for stored hashes, so that a damaged row cannot make us allocate without end. */
const MAX_LN = 20;

export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 200;

const derive = (password: string, salt: Buffer, options: ScryptOptions) =>
  new Promise<Buffer>((resolve, reject) => {
    // Two spellings of one visible password (é as one character or as two) are the same password.
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

const cost = (ln: number, r: number, p: number): ScryptOptions => ({
  N: 2 ** ln,
  r,
  p,
  // Twice what the work itself takes, and room for the rest.
  maxmem: 2 * 128 * 2 ** ln * r + 2 ** 20,
});

/** `$scrypt$ln=15,r=8,p=1$salt$key`, both base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, cost(LN, R, P));
  return `$scrypt$ln=${LN},r=${R},p=${P}$${salt.toString('base64')}$${key.toString('base64')}`;
}

const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

/** Checked instead of nothing, so that an unknown e-mail takes as long as a wrong password. */
const NOBODY = `$scrypt$ln=${LN},r=${R},p=${P}$${Buffer.alloc(SALT_BYTES).toString('base64')}$${Buffer.alloc(KEY_BYTES).toString('base64')}`;

/** Whether `password` is the one that was hashed. `null` (no such account, or one without a password) never matches. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  const match = FORMAT.exec(stored ?? NOBODY);
  if (!match || Number(match[1]) > MAX_LN) return false;
  const [, ln, r, p, salt = '', key = ''] = match;
  const expected = Buffer.from(key, 'base64');
  const given = await derive(
    password,
    Buffer.from(salt, 'base64'),
    cost(Number(ln), Number(r), Number(p)),
  );
  return stored !== null && expected.length === KEY_BYTES && timingSafeEqual(given, expected);
}
