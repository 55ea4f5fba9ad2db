import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogEntry, ParamValues } from '@mixdown/contract';
import { findEntry } from '@mixdown/wam-catalog';
import { type RunningPlugin, runPlugin, type Stereo } from '@mixdown/wam-catalog/run-plugin';
import { both, impulse } from '@mixdown/wam-catalog/test-signals';
import { buildPlugins } from './build.ts';

export const DIST = fileURLToPath(new URL('../dist', import.meta.url));

export const dbOf = (gain: number): number => 20 * Math.log10(gain);
export const gainOf = (db: number): number => 10 ** (db / 20);

export interface PluginUnderTest {
  readonly entry: CatalogEntry;
  readonly folder: string;
  open(o?: { sampleRate?: number; params?: ParamValues }): RunningPlugin;
}

/** A built plugin of the collection, driven through its processor.js; builds first if sources have changed. */
export async function pluginUnderTest(id: string): Promise<PluginUnderTest> {
  const { catalog } = await buildPlugins(DIST);
  const entry = findEntry(catalog, id);
  if (!entry) throw new Error(`${id} is not in the collection`);
  const folder = join(DIST, id, entry.version);
  return {
    entry,
    folder,
    open: ({ sampleRate = 48_000, params = {} } = {}) =>
      runPlugin({ folder, entry, sampleRate, params }),
  };
}

/** Complex amplitude of `frequency` in a signal, with a Hann window (whole spectrum free of leakage far away). */
export function amplitudeAt(signal: Float32Array, frequency: number, sampleRate: number): number {
  let [re, im, weight] = [0, 0, 0];
  for (let i = 0; i < signal.length; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / signal.length);
    const angle = (2 * Math.PI * frequency * i) / sampleRate;
    const x = (signal[i] as number) * window;
    re += x * Math.cos(angle);
    im -= x * Math.sin(angle);
    weight += window;
  }
  return (2 * Math.hypot(re, im)) / weight;
}

/** Magnitude of the response at `frequency`, in dB, from an impulse response. */
export function responseDb(response: Float32Array, frequency: number, sampleRate: number): number {
  let [re, im] = [0, 0];
  for (let i = 0; i < response.length; i++) {
    const angle = (2 * Math.PI * frequency * i) / sampleRate;
    re += (response[i] as number) * Math.cos(angle);
    im -= (response[i] as number) * Math.sin(angle);
  }
  return dbOf(Math.hypot(re, im));
}

/** Left answer to an impulse of 1 on both sides. */
export const impulseResponse = (plugin: RunningPlugin, frames: number): Float32Array =>
  plugin.run(both(impulse(frames)))[0];

/** Sum of the squares. */
export const energyOf = (signal: Float32Array, from = 0, to = signal.length): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (signal[i] as number) ** 2;
  return sum;
};

export const leftOf = ([left]: Stereo): Float32Array => left;
