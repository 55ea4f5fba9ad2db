import { describe, expect, it } from 'vitest';
import { demoSnapshot, TEST_ENTRY } from '../../session/testing/demo-snapshot.ts';
import { expectedBytes, preflight } from './preflight.ts';
import { fitToFormat, PRESETS, presetOf } from './presets.ts';

const snapshot = demoSnapshot();
const entryOf = (id: string) => (id === TEST_ENTRY.id ? TEST_ENTRY : undefined);
const nameOf = (id: string) => entryOf(id)?.name ?? id;
const input = { ...snapshot, sampleRate: 48_000, entryOf, nameOf, isBroken: () => false };

describe('preflight', () => {
  it('measures the song and the longest chain of tails', () => {
    const result = preflight(input);
    expect(result.songSeconds).toBe(4);
    expect(result.maxTailSeconds).toBe(2);
    expect(result.missing).toEqual([]);
  });

  it('reckons tails as the renderer does: of what is heard, and a minute at most', () => {
    const ringing = (id: string) => {
      const entry = entryOf(id);
      return entry && { ...entry, maxTailSeconds: 400 };
    };
    expect(preflight({ ...input, entryOf: ringing }).maxTailSeconds).toBe(60);
    const tracks = snapshot.tracks.map((track) => ({ ...track, muted: true }));
    expect(preflight({ ...input, tracks }).maxTailSeconds).toBe(0);
  });

  it('names missing and broken plugins with their tracks', () => {
    const [first, second, ...rest] = snapshot.plugins;
    const plugins = [
      { ...first, catalogId: 'acme.echo' },
      second,
      ...rest,
    ] as typeof snapshot.plugins;
    const result = preflight({ ...input, plugins, isBroken: (id) => id === second?.id });
    expect(result.missing).toEqual([
      { pluginId: first?.id, catalogId: 'acme.echo', name: 'acme.echo', trackName: 'Drums' },
    ]);
    expect(result.broken.map((note) => note.name)).toEqual(['Filter']);
  });

  it('takes another version for a missing plugin, as the renderer does', () => {
    const [first, ...rest] = snapshot.plugins;
    const plugins = [{ ...first, version: '0.9.0' }, ...rest] as typeof snapshot.plugins;
    expect(preflight({ ...input, plugins }).missing.map((note) => note.pluginId)).toEqual([
      first?.id,
    ]);
  });

  it('names what an export could not run, and leaves out what is off', () => {
    const uncertified = { ...TEST_ENTRY, renderPath: 'browser' as const, cpuShare: 0.25 };
    const [first, ...rest] = snapshot.plugins;
    const plugins = [{ ...first, bypassed: true }, ...rest] as typeof snapshot.plugins;
    const result = preflight({ ...input, plugins, entryOf: () => uncertified });
    expect(result.uncertified.map((note) => note.pluginId)).toEqual(rest.map(({ id }) => id));
    expect(result.cpuShare).toBe(0.25 * rest.length);
    expect(preflight(input).uncertified).toEqual([]);
  });

  it('says why a track will not be heard', () => {
    const [drums, bass, pads] = snapshot.tracks;
    const silent = (tracks: unknown[]) =>
      preflight({ ...input, tracks: tracks as typeof snapshot.tracks }).silentTracks.map(
        (track) => `${track.name}: ${track.why}`,
      );
    expect(silent([{ ...drums, muted: true }, { ...bass, gainDb: -60 }, pads])).toEqual([
      'Drums: muted',
      'Bass: the fader is down',
      'Pads: nothing on it',
    ]);
    expect(silent([{ ...drums, soloed: true }, bass])).toEqual(['Bass: another track is soloed']);
  });

  it('foresees the size', () => {
    const [share, streaming, archive, cd] = PRESETS.map((preset) =>
      expectedBytes(preset.settings, 60),
    );
    expect(share).toBe(2_400_000);
    expect(streaming).toBe(60 * 44_100 * 6 + 44);
    expect(archive).toBeLessThan(60 * 48_000 * 6);
    expect(cd).toBe(60 * 44_100 * 4 + 44);
  });
});

describe('presets', () => {
  it('are recognised whatever the order of their fields, and no more once changed', () => {
    for (const { id, settings } of PRESETS) {
      const turned = Object.fromEntries(Object.entries(settings).reverse()) as typeof settings;
      expect(presetOf(turned)).toBe(id);
      expect(presetOf({ ...settings, tail: 'none' })).toBeNull();
    }
  });

  it('ask Opus for the only rate that it has', () => {
    const share = PRESETS[0]?.settings as (typeof PRESETS)[0]['settings'];
    expect(fitToFormat({ ...share, format: 'opus' })).toEqual({
      ...share,
      format: 'opus',
      sampleRate: 48_000,
    });
  });

  it('never ask FLAC for floating point', () => {
    const archive = PRESETS[2]?.settings as (typeof PRESETS)[0]['settings'];
    expect(fitToFormat({ ...archive, bitDepth: '32f' }).bitDepth).toBe(24);
    expect(fitToFormat({ ...archive, format: 'wav', bitDepth: '32f' }).bitDepth).toBe('32f');
  });
});
