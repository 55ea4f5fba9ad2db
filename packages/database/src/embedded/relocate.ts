import { cp, rename, rm } from 'node:fs/promises';
import { exists } from './exists.ts';

const INCOMING = '.incoming';
const MOVED = '.moved';

/** Brings an interrupted `relocate(from, to)` to an end, forwards if the copy was complete, else backwards. */
async function settleInterrupted(from: string, to: string): Promise<void> {
  if (await exists(to + INCOMING)) {
    // The source is renamed only after the copy is complete.
    if ((await exists(from)) || (await exists(to))) {
      await rm(to + INCOMING, { recursive: true, force: true });
    } else {
      await rename(to + INCOMING, to);
    }
  }
  await rm(from + MOVED, { recursive: true, force: true });
}

/**
 * Moves the folder `from` to `to`, which must not exist, also between file systems. Killed at any point, it leaves
 * one complete folder, and the next call in either direction finds it. No-op where `from` does not exist.
 */
export async function relocate(
  from: string,
  to: string,
  prepareCopy: (copy: string) => Promise<void> = async () => {},
): Promise<void> {
  await settleInterrupted(to, from);
  await settleInterrupted(from, to);
  if (!(await exists(from))) return;
  if (await exists(to)) throw new Error(`${from} and ${to} both exist; remove the one that is old`);
  try {
    await rename(from, to);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
  }
  await cp(from, to + INCOMING, { recursive: true, preserveTimestamps: true });
  await prepareCopy(to + INCOMING);
  await rename(from, from + MOVED);
  await rename(to + INCOMING, to);
  await rm(from + MOVED, { recursive: true, force: true });
}
