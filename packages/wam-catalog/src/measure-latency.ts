import type { ParamValues } from '@mixdown/contract';
import { type RunOptions, runPlugin } from './run-plugin.ts';

/** How to hear a plugin's latency. */
export interface LatencyProbe {
  readonly params: ParamValues;
  /** Delay that these settings ask for (frames at the rate), which is sound and not latency. */
  readonly wantedFrames?: (sampleRate: number) => number;
}

const LEVEL = 0.1;

/**
 * Frames by which a plugin's sound lags behind its input, measured: the peak of the answer to an impulse (−20 dBFS,
 * so that nothing limits or clips it), less the delay that the settings ask for. Throws if nothing comes back.
 */
export function measureLatency(
  plugin: Omit<RunOptions, 'params'>,
  { params, wantedFrames }: LatencyProbe,
): number {
  const frames = plugin.sampleRate;
  const impulse = new Float32Array(frames);
  impulse[0] = LEVEL;
  const [left] = runPlugin({ ...plugin, params }).run([impulse, impulse.slice()]);
  let peak = 0;
  for (let i = 1; i < frames; i++) {
    if (Math.abs(left[i] as number) > Math.abs(left[peak] as number)) peak = i;
  }
  if (left[peak] === 0) throw new Error(`${plugin.entry.id}: no answer to an impulse`);
  return peak - (wantedFrames?.(plugin.sampleRate) ?? 0);
}
