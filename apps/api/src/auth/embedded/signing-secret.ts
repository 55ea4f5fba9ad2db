import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SECRET_BYTES = 64;

/**
 * The key that signs access tokens: made on first use, kept in the data folder, readable by its owner alone. `link`
 * puts it in place whole or not at all, so that two processes which start together end up with the same one.
 */
export async function loadSigningSecret(dataDir: string): Promise<Uint8Array> {
  const file = path.join(dataDir, 'auth-secret');
  const known = await readSecret(file);
  if (known) return known;
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(SECRET_BYTES), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const secret = await readSecret(file);
  if (!secret) throw new Error(`${file} vanished while it was being made`);
  return secret;
}

async function readSecret(file: string): Promise<Uint8Array | null> {
  const secret = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (secret && secret.length !== SECRET_BYTES) {
    throw new Error(
      `${file} is damaged: delete it and start again (everybody has to sign in anew)`,
    );
  }
  return secret;
}
