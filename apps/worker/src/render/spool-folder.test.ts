import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSpoolFolder } from './spool-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'mixdown-spools-'));
});
afterEach(() => rm(root, { recursive: true }));

const plant = async (name: string) => {
  await mkdir(path.join(root, name));
  await writeFile(path.join(root, name, 'mix.f32'), 'x');
};

describe('openSpoolFolder', () => {
  it('takes away the folders of processes that are gone, and those alone', async () => {
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await new Promise((resolve) => gone.once('exit', resolve));
    const mine = await openSpoolFolder(root);
    await plant(`${os.hostname()}~${gone.pid}~123`);
    await plant(`${os.hostname()}~${process.ppid}~123`);
    await plant('another-host~1~5');
    await plant('old-host~1~5');
    await utimes(path.join(root, 'old-host~1~5'), 1000, 1000);
    await openSpoolFolder(root);
    // The parent lives, but started at another time: its id was used again.
    expect(await readdir(root)).toEqual(['another-host~1~5', path.basename(mine.path)].sort());
  });

  it('gives each attempt an empty folder and removes it', async () => {
    const spool = await openSpoolFolder(root);
    const first = await spool.open('e-1');
    await writeFile(path.join(first.path, 'x'), 'x');
    const again = await spool.open('e-1');
    expect(await readdir(again.path)).toEqual([]);
    await again.remove();
    expect(await readdir(spool.path)).toEqual([]);
    await spool.remove();
    expect(await readdir(root)).toEqual([]);
  });
});
