import type { ExportOptions } from '@mixdown/contract';
import { createLimiter, dbToGain, normalizationGainDb } from '@mixdown/dsp';
import type { Measurement } from '../measure/measurement.ts';
import { metered } from '../measure/metered.ts';

type Blocks = AsyncIterable<Float32Array[]>;
type Target = NonNullable<ExportOptions['normalize']>;

/** What is done to the level of a mix: a gain, and where that takes peaks over the ceiling, a limiter. */
export interface Level {
  readonly gainDb: number;
  readonly limitDbtp: number | null;
}
const AS_MIXED: Level = { gainDb: 0, limitDbtp: null };
export const isAsMixed = ({ gainDb, limitDbtp }: Level): boolean =>
  gainDb === 0 && limitDbtp === null;

/** So much of the highest peak the limiter takes off at most: more would be another mix. */
export const MOST_LIMITING_DB = 12;
/** Passes in which the gain is corrected by what the limiter took from the loudness. */
export const MOST_PASSES = 4;
/** A limiter that works hard gives little more loudness for more gain; steps beyond this would go astray. */
const LEAST_SLOPE = 0.25;
/** Near enough, LU; meters show a tenth. */
const TOLERANCE_LU = 0.04;

/**
 * Finds the level that brings a mix to `target`. A gain alone where its peaks allow that; otherwise a limiter holds them
 * under the ceiling, which costs some loudness, so the result is measured and the gain corrected. `read` starts the mix
 * from its beginning, and is called `MOST_PASSES` times at most.
 */
export async function findLevel(
  measured: Measurement,
  target: Target | null,
  { read, sampleRate }: { read(): Blocks; sampleRate: number },
): Promise<Level> {
  if (!target || measured.integratedLufs === null || measured.truePeakDbtp === null)
    return AS_MIXED;
  const wanted = target.lufs - measured.integratedLufs;
  const headroom = target.ceilingDbtp - measured.truePeakDbtp;
  if (wanted <= headroom) return { gainDb: normalizationGainDb(measured, target), limitDbtp: null };
  const most = headroom + MOST_LIMITING_DB;
  if (wanted >= most) return { gainDb: most, limitDbtp: target.ceilingDbtp };
  const level = (gainDb: number): Level => ({ gainDb, limitDbtp: target.ceilingDbtp });
  // Loudness over gain bends where the limiter sets in; the line through the last two points leads on.
  let last = { gainDb: headroom, lufs: measured.integratedLufs + headroom };
  let gainDb = wanted;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const result = metered(levelled(read(), level(gainDb), sampleRate), sampleRate);
    for await (const _ of result);
    const lufs = result.measurement().integratedLufs ?? target.lufs;
    const missing = target.lufs - lufs;
    const slope = (lufs - last.lufs) / (gainDb - last.gainDb);
    last = { gainDb, lufs };
    if (Math.abs(missing) < TOLERANCE_LU) break;
    gainDb = Math.min(most, gainDb + missing / Math.min(1, Math.max(LEAST_SLOPE, slope)));
    if (gainDb === last.gainDb) break;
  }
  return level(gainDb);
}

/** Applies a level; blocks are changed in place where nothing is limited. */
export async function* levelled(
  blocks: Blocks,
  { gainDb, limitDbtp }: Level,
  sampleRate: number,
): AsyncGenerator<Float32Array[]> {
  const gain = dbToGain(gainDb);
  const limiter =
    limitDbtp === null ? null : createLimiter({ sampleRate, channels: 2, ceilingDbtp: limitDbtp });
  for await (const block of blocks) {
    for (const channel of block) {
      for (let i = 0; i < channel.length; i++) channel[i] = channel[i]! * gain;
    }
    const out = limiter ? limiter.push(block) : block;
    if ((out[0]?.length ?? 0) > 0) yield out;
  }
  const rest = limiter?.flush();
  if (rest && (rest[0]?.length ?? 0) > 0) yield rest;
}
