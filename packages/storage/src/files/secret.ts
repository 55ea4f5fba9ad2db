import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SECRET_BYTES = 32;

/**
 * The key that signs download tokens, made on first use and kept in the data folder, readable by its owner alone.
 * `link` puts it in place whole or not at all, so that two processes starting together end up with the same one.
 */
export function loadSecret(dataDir: string): Buffer {
  const file = path.join(dataDir, 'storage-secret');
  try {
    return readSecret(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(SECRET_BYTES), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readSecret(file);
}

function readSecret(file: string): Buffer {
  const secret = readFileSync(file);
  if (secret.length !== SECRET_BYTES)
    throw new Error(`${file} is damaged: delete it and start again`);
  return secret;
}
