import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

export interface Connection {
  readonly password: string;
  /** Where the server listened last; a later start asks for the same again. */
  readonly port: number | null;
}

const file = (dataDir: string) => path.join(dataDir, 'connection.json');

/** The cluster's password and port, kept in `connection.json` (mode 0600). Null if there is none yet. */
export async function readConnection(dataDir: string): Promise<Connection | null> {
  const text = await readFile(file(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as Connection);
}

export async function writeConnection(dataDir: string, connection: Connection): Promise<void> {
  const fresh = `${file(dataDir)}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(connection)}\n`, { mode: 0o600 });
  await rename(fresh, file(dataDir));
}

export const newPassword = (): string => randomBytes(24).toString('base64url');

/** `wanted` if it is free on the loopback interface, else a port that the system chooses. */
export function freePort(wanted: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (wanted ? resolve(freePort(null)) : reject(error)));
    server.listen({ port: wanted ?? 0, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
