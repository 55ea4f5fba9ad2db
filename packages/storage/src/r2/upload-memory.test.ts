import { fork } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startFakeS3 } from '../../../../tests/support/fake-s3/index.ts';

const MAIN = path.join(import.meta.dirname, 'upload-memory.main.ts');
const MIB = 1024 * 1024;
/** What an upload may take, however long the song. */
const MOST_MIB = 64;

/** By how many MiB the memory of a process grows that uploads so many, as Linux counts it. */
async function grownBy(mib: number): Promise<number> {
  const s3 = await startFakeS3();
  try {
    const child = fork(MAIN, [String(mib)], { env: { ...process.env, ...s3.env } });
    const { grownBytes } = await new Promise<{ grownBytes: number }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as { grownBytes: number }));
      child.once('exit', (code) => reject(new Error(`the upload ended with ${code}`)));
    });
    expect(s3.bucket.objects.get(`memory/${mib}.wav`)?.body.length).toBe(mib * MIB);
    return grownBytes / MIB;
  } finally {
    await s3.close();
  }
}

it('takes no more memory for a long song than for a short one', { timeout: 120_000 }, async () => {
  expect(await grownBy(128)).toBeLessThan(MOST_MIB);
});
