import { describe, expect, it } from 'vitest';
import { fitToFormat, PRESETS, presetOf } from './presets.ts';

const [share, , archive] = PRESETS;
if (!share || !archive) throw new Error('the presets have changed');

describe('fitToFormat', () => {
  it('gives FLAC whole numbers, and Opus the only rate that it has', () => {
    expect(fitToFormat({ ...archive.settings, bitDepth: '32f' }).bitDepth).toBe(24);
    expect(fitToFormat({ ...share.settings, format: 'opus' })).toEqual({
      ...share.settings,
      format: 'opus',
      sampleRate: 48_000,
    });
  });

  it('leaves alone what the format can have', () => {
    for (const { settings } of PRESETS) expect(fitToFormat(settings)).toEqual(settings);
  });
});

describe('presetOf', () => {
  it('knows each preset, and none once something was changed', () => {
    for (const { id, settings } of PRESETS) expect(presetOf(settings)).toBe(id);
    expect(presetOf({ ...share.settings, bitrateKbps: 128 })).toBeNull();
  });
});
