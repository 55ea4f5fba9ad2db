import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * Runs `work` with the address of a Redis: that of REDIS_URL, else that of a `redis-server` on PATH, started for the
 * run on the loopback interface and in memory alone; null where there is neither.
 */
export async function withOwnRedis<T>(work: (url: string | null) => Promise<T>): Promise<T> {
  if (process.env.REDIS_URL) return work(process.env.REDIS_URL);
  const port = await freePort();
  const dir = await mkdtemp(path.join(tmpdir(), 'mixdown-redis-'));
  const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir };
  const server = spawn(
    'redis-server',
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const gone = new Promise((resolve) => {
    server.once('exit', resolve);
    server.once('error', resolve);
  });
  const end = async () => {
    server.kill('SIGTERM');
    await gone;
    await rm(dir, { recursive: true, force: true });
  };
  const breakOff = () => void end();
  process.once('SIGINT', breakOff);
  process.once('SIGTERM', breakOff);
  try {
    const ready = new Promise<boolean>((resolve) => {
      createInterface(server.stdout).on('line', (line) => {
        if (line.includes('Ready to accept connections')) resolve(true);
      });
      void gone.then(() => resolve(false));
    });
    return await work((await ready) ? `redis://127.0.0.1:${port}` : null);
  } finally {
    process.off('SIGINT', breakOff);
    process.off('SIGTERM', breakOff);
    await end();
  }
}
