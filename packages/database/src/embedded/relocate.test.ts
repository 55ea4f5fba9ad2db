import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relocate } from './relocate.ts';

const SHM = '/dev/shm';
const otherDevice = existsSync(SHM) && statSync(SHM).dev !== statSync(tmpdir()).dev;

let dir: string;
let from: string;
let to: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'mixdown-relocate-'));
  from = path.join(dir, 'from');
  to = path.join(dir, 'to');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function make(folder: string, content: string): Promise<void> {
  await mkdir(folder);
  await writeFile(path.join(folder, 'file'), content);
}
const content = (folder: string) => readFile(path.join(folder, 'file'), 'utf8');

describe('relocate', () => {
  it('moves', async () => {
    await make(from, 'data');
    await relocate(from, to);
    expect(await readdir(dir)).toEqual(['to']);
    expect(await content(to)).toBe('data');
  });

  it('does nothing without a source, and never overwrites', async () => {
    await make(to, 'data');
    await relocate(from, to);
    expect(await content(to)).toBe('data');
    await make(from, 'other');
    await expect(relocate(from, to)).rejects.toThrow('both exist');
    expect([await content(from), await content(to)]).toEqual(['other', 'data']);
  });

  it('starts over when it was killed while copying', async () => {
    await make(from, 'data');
    await make(`${to}.incoming`, 'da');
    await relocate(from, to);
    expect(await readdir(dir)).toEqual(['to']);
    expect(await content(to)).toBe('data');
  });

  it('goes on when it was killed after the copy was complete, in either direction', async () => {
    await make(`${from}.moved`, 'data');
    await make(`${to}.incoming`, 'data');
    await relocate(from, to);
    expect(await readdir(dir)).toEqual(['to']);
    await rm(to, { recursive: true });
    await make(`${from}.moved`, 'data');
    await make(`${to}.incoming`, 'data');
    await relocate(to, from);
    expect(await readdir(dir)).toEqual(['from']);
    expect(await content(from)).toBe('data');
  });

  it('ends a removal that was killed half-way', async () => {
    await make(`${from}.moved`, 'half gone');
    await make(to, 'data');
    await relocate(from, to);
    expect(await readdir(dir)).toEqual(['to']);
    expect(await content(to)).toBe('data');
  });

  it.runIf(otherDevice)('moves to another file system, preparing the copy', async () => {
    const far = await mkdtemp(path.join(SHM, 'mixdown-relocate-'));
    try {
      await make(from, 'data');
      const prepared: string[] = [];
      await relocate(from, path.join(far, 'to'), async (copy) => void prepared.push(copy));
      expect(prepared).toEqual([path.join(far, 'to.incoming')]);
      expect(await readdir(dir)).toEqual([]);
      expect(await readdir(far)).toEqual(['to']);
      expect(await content(path.join(far, 'to'))).toBe('data');
    } finally {
      await rm(far, { recursive: true, force: true });
    }
  });
});
