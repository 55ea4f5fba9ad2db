import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Catalog } from '@mixdown/contract';
import { checkParams } from '@mixdown/core';
import { describe, expect, it } from 'vitest';
import { type DemoTrack, generateDemo } from './generate-demo.ts';
import { generateLarge } from './generate-large.ts';
import { BAR, SONG_FRAMES } from './song.ts';

const song = generateDemo();
const catalog = Catalog.parse(
  JSON.parse(readFileSync(new URL('../../../plugins/dist/catalog.json', import.meta.url), 'utf8')),
);
const entryOf = (id: string) => catalog.entries.find((entry) => entry.id === id);

/** Largest sample of a track over all clips. */
const peak = (track: DemoTrack) => {
  let most = 0;
  for (const { audio } of track.clips) {
    for (const samples of audio) for (const x of samples) most = Math.max(most, Math.abs(x));
  }
  return most;
};

function hashOf(track: DemoTrack): string {
  const hash = createHash('sha256');
  for (const { audio } of track.clips) for (const samples of audio) hash.update(samples);
  return hash.digest('hex');
}

describe('the demo song', () => {
  it('has six tracks, each with an effect chain', () => {
    expect(song.tracks.map((t) => t.name)).toEqual([
      'Drums',
      'Bass',
      'Pads',
      'Keys',
      'Lead',
      'Percussion',
    ]);
    for (const track of song.tracks) expect(track.chain.length).toBeGreaterThan(0);
  });

  it('has exactly one slot whose plugin is missing, with a state to keep', () => {
    const missing = song.tracks.flatMap((t) => t.chain).filter((slot) => !entryOf(slot.catalogId));
    expect(missing.map((slot) => slot.catalogId)).toEqual(['mixdown.tape-echo']);
    expect(missing[0]?.state).toMatch(/^[A-Za-z0-9+/]+=*$/);
  });

  it('sets parameters that its plugins have, within their ranges', () => {
    for (const slot of song.tracks.flatMap((t) => t.chain)) {
      const entry = entryOf(slot.catalogId);
      if (entry) expect(checkParams(entry, slot.params)).toBeNull();
    }
  });

  it.each(song.tracks.map((track) => [track.name, track] as const))(
    '%s is heard and leaves headroom',
    (_, track) => {
      expect(peak(track)).toBeGreaterThan(0.1);
      expect(peak(track)).toBeLessThan(1);
    },
  );

  it('cuts its parts into clips on bar lines that do not overlap and end with the song', () => {
    for (const { clips } of song.tracks) {
      let end = 0;
      for (const { startFrame, audio } of clips) {
        expect(startFrame % BAR).toBe(0);
        expect(startFrame).toBeGreaterThanOrEqual(end);
        for (const samples of audio) expect(samples.length).toBe(audio[0]?.length);
        end = startFrame + (audio[0]?.length ?? 0);
      }
      expect(end).toBeLessThanOrEqual(SONG_FRAMES);
    }
  });

  it('gives the same samples every time', () => {
    expect(generateDemo().tracks.map(hashOf)).toEqual(song.tracks.map(hashOf));
  });
});

describe('the large project', () => {
  it('has the tracks, plugins and length asked for', () => {
    const large = generateLarge({ tracks: 10, plugins: 20, seconds: 1 });
    expect(large.tracks).toHaveLength(10);
    expect(large.tracks.flatMap((t) => t.chain)).toHaveLength(20);
    expect(large.tracks.every((t) => t.clips[0]?.audio[0]?.length === 48_000)).toBe(true);
    for (const slot of large.tracks.flatMap((t) => t.chain)) {
      const entry = entryOf(slot.catalogId);
      expect(entry && checkParams(entry, slot.params)).toBeNull();
    }
  });
});
