import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantise, toNormalized } from '@mixdown/core';
import { searchCatalog } from '@mixdown/wam-catalog';
import { Certificate } from '@mixdown/wam-catalog/certificate';
import { extremeSettings, offDefault } from '@mixdown/wam-catalog/certify-plugin';
import {
  both,
  peakOf,
  sameBits,
  silence,
  sine,
  stereoNoise,
} from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { buildPlugins } from './build.ts';
import { CERTIFICATES } from './certify.ts';
import { COLLECTION } from './collection.ts';
import { DIST, pluginUnderTest } from './testing.ts';

const RATES = [44_100, 48_000];

describe.each(COLLECTION)('$name', async (definition) => {
  const plugin = await pluginUnderTest(definition.id);
  const { entry } = plugin;

  it('has parameters that make sense', () => {
    const ids = entry.parameters.map((p) => p.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const p of entry.parameters) {
      expect(p.min, p.id).toBeLessThan(p.max);
      expect(p.default, p.id).toBeGreaterThanOrEqual(p.min);
      expect(p.default, p.id).toBeLessThanOrEqual(p.max);
      if (p.scale === 'log') expect(p.min, p.id).toBeGreaterThan(0);
      // What a knob shows for the default is the default, to within its own step.
      const shown = quantise(p, p.default);
      expect(Math.abs(toNormalized(p, shown) - toNormalized(p, p.default)), p.id).toBeLessThan(
        1e-3,
      );
      const labels = entry.parameters.filter((q) => q.group === p.group && q.label === p.label);
      expect(labels.length, `${p.group}: ${p.label}`).toBe(1);
    }
  });

  it('has a certificate for exactly these files', async () => {
    const file = join(CERTIFICATES, `${entry.id}.json`);
    const certificate = Certificate.parse(JSON.parse(await readFile(file, 'utf8')));
    // Stale? Run `node plugins/src/certify.ts`.
    expect(certificate.integrity).toBe(entry.integrity);
    expect(certificate.version).toBe(entry.version);
    expect(certificate.latencyFrames).toEqual(entry.latencyFrames);
    expect(certificate.tail.statedSeconds).toBe(entry.maxTailSeconds);
    expect(certificate.tail.measuredSeconds).toBeLessThanOrEqual(entry.maxTailSeconds);
  });

  describe.each(RATES)('at %i Hz', (sampleRate) => {
    const input = stereoNoise(8192, { seed: 3, level: 0.5 });

    it('stays finite at the ends of every parameter with noise at +20 dB', () => {
      const hot = stereoNoise(4096, { level: 10 });
      for (const params of extremeSettings(entry.parameters)) {
        for (const channel of plugin.open({ sampleRate, params }).run(hot)) {
          expect(peakOf(channel), JSON.stringify(params)).toBeLessThan(1e9);
        }
      }
    });

    it('puts out silence for silence and for nothing connected', () => {
      for (const params of [{}, offDefault(entry.parameters)]) {
        for (const quiet of [silence(4096), null]) {
          const out = plugin.open({ sampleRate, params }).run(quiet, { frames: 4096 });
          expect(Math.max(...out.map((channel) => peakOf(channel)))).toBe(0);
        }
      }
    });

    it('comes out the same from two instances', () => {
      const params = offDefault(entry.parameters);
      const out = () => plugin.open({ sampleRate, params }).run(input);
      expect(sameBits(out(), out())).toBe(true);
    });

    it('returns to its first state on reset, at the frame that was asked for', () => {
      const running = plugin.open({ sampleRate });
      const first = running.run(input);
      const at = running.scope.currentFrame + 256;
      running.handle.post({ type: 'reset', atFrame: at });
      running.run(input, { frames: 256 });
      expect(running.scope.currentFrame).toBe(at);
      expect(sameBits(running.run(input), first)).toBe(true);
    });

    it('holds values given at creation from the first frame', () => {
      const params = offDefault(entry.parameters);
      const late = plugin.open({ sampleRate });
      for (const [id, value] of Object.entries(params)) late.handle.parameters[id]?.fill(value);
      expect(sameBits(plugin.open({ sampleRate, params }).run(input), late.run(input))).toBe(true);
    });

    it('does not care whether a constant comes as one value or as 128', () => {
      const params = offDefault(entry.parameters);
      const arrays = plugin.open({ sampleRate });
      for (const [id, value] of Object.entries(params)) {
        arrays.handle.parameters[id] = new Float32Array(128).fill(value);
      }
      expect(sameBits(plugin.open({ sampleRate, params }).run(input), arrays.run(input))).toBe(
        true,
      );
    });
  });

  it('moves without clicks while any continuous parameter sweeps its range in 60 ms', () => {
    const sampleRate = 48_000;
    const tone = sine(sampleRate, 100, sampleRate, 0.2);
    /** Largest third difference: a click is broad-band, a swept low tone is not. */
    const roughness = (signal: Float32Array, from: number, to: number) => {
      let largest = 0;
      for (let i = from; i < to; i++) {
        const at = (k: number) => signal[i - k] as number;
        largest = Math.max(largest, Math.abs(at(0) - 3 * at(1) + 3 * at(2) - at(3)));
      }
      return largest;
    };
    const [from, frames] = [sampleRate / 2, 0.06 * sampleRate];
    for (const p of entry.parameters.filter((q) => q.kind === 'continuous')) {
      const running = plugin.open({ sampleRate, params: { [p.id]: p.min } });
      const [left] = running.run(both(tone), {
        onQuantum: (frame) => {
          running.handle.parameters[p.id] = Float32Array.from({ length: 128 }, (_, i) => {
            const share = Math.min(1, Math.max(0, (frame + i - from) / frames));
            return p.min + (p.max - p.min) * share;
          });
        },
      });
      const loudest = Math.max(0.2, peakOf(left, from));
      const largest = roughness(left, from - 1000, left.length);
      // A step of 2 % of the level would be a third difference of 0.02 and more.
      expect(largest / loudest, p.id).toBeLessThan(0.02);
    }
  });

  it('answers false once destroyed', () => {
    const { handle, scope } = plugin.open();
    const out = [new Float32Array(128), new Float32Array(128)];
    expect(handle.process([[]], [out])).toBe(true);
    scope.currentFrame += 128;
    handle.post({ type: 'destroy' });
    expect(handle.process([[]], [out])).toBe(false);
  });
});

describe('the catalog of the collection', () => {
  it('finds what people type', async () => {
    const { catalog } = await buildPlugins(DIST);
    const found = (search: string) => searchCatalog(catalog, { search }).map(({ id }) => id);
    expect(found('warm delay')[0]).toBe('mixdown.delay');
    expect(found('warm delay')).toContain('mixdown.saturator');
    expect(found('comp')[0]).toBe('mixdown.compressor');
    expect(found('equalizer')[0]).toBe('mixdown.eq');
    expect(found('low cut')[0]).toBe('mixdown.eq');
    expect(found('noise gate')[0]).toBe('mixdown.gate');
    expect(found('reverv')[0]).toBe('mixdown.reverb');
    expect(found('wide')).toContain('mixdown.stereo');
  });
});
