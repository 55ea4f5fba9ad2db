import type { ExportView } from '@mixdown/contract';
import { isActive } from '@mixdown/core';

/** Starting a renderer, storing the file, and whatever else does not grow with the song, in seconds. */
const FIXED_SECONDS = 3;
/** Cores that one render uses at a time. */
const CORES = 2;
/** Seconds of work for a second of music beside the plugins: reading, adding up, measuring, encoding. */
const BESIDE = 0.05;

type Result = NonNullable<ExportView['result']>;
type Past = Pick<ExportView, 'status' | 'startedAt' | 'completedAt'> & {
  readonly result: Pick<Result, 'durationSeconds' | 'reused'> | null;
};

/** Seconds of work for a second of music as the project's last rendered export had it; null without one. */
function paceOf(exports: readonly Past[]): number | null {
  for (const { status, startedAt, completedAt, result } of exports) {
    if (status !== 'completed' || !startedAt || !completedAt || !result || result.reused) continue;
    const seconds = (Date.parse(completedAt) - Date.parse(startedAt)) / 1000 - FIXED_SECONDS;
    if (result.durationSeconds > 0) return Math.max(0, seconds) / result.durationSeconds;
  }
  return null;
}

/**
 * How long an export of `seconds` will take from its start, about: as fast as the last one (`exports`, newest first),
 * else by what the plugins cost. `ahead` are those of this project that run or wait already.
 */
export function expectedWait(
  seconds: number,
  o: { readonly cpuShare: number; readonly exports: readonly Past[] },
): { readonly seconds: number; readonly ahead: number } {
  const pace = paceOf(o.exports) ?? BESIDE + o.cpuShare / CORES;
  return {
    seconds: FIXED_SECONDS + seconds * pace,
    ahead: o.exports.filter(({ status }) => isActive(status)).length,
  };
}
