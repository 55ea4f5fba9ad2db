import { type RunOptions, runPlugin } from './run-plugin.ts';
import { peakOf, stereoNoise } from './test-signals.ts';

const BURST_SECONDS = 0.2;
const STEP_SECONDS = 0.01;
/** −90 dB: the last bit of 16. */
const GONE = 10 ** (-90 / 20);

/**
 * Seconds that a plugin still sounds after its input has ended: until it stays 90 dB below the loudest it was. Null if
 * it does not within `limitSeconds`.
 */
export function measureTail(plugin: RunOptions, limitSeconds: number): number | null {
  const running = runPlugin(plugin);
  const burst = running.run(stereoNoise(BURST_SECONDS * plugin.sampleRate, { level: 0.5 }));
  let loudest = Math.max(...burst.map((channel) => peakOf(channel)));
  let last = 0;
  const step = STEP_SECONDS * plugin.sampleRate;
  // One step more than allowed: something must be silent at the end.
  const steps = Math.ceil(limitSeconds / STEP_SECONDS) + 1;
  for (let n = 0; n < steps; n++) {
    const peak = Math.max(...running.run(null, { frames: step }).map((channel) => peakOf(channel)));
    loudest = Math.max(loudest, peak);
    if (peak > loudest * GONE) last = (n + 1) * STEP_SECONDS;
  }
  return last <= limitSeconds ? last : null;
}
