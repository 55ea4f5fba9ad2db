import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPUS_TONE } from '../opus-fixture.ts';
import { encode, encodeVorbis, music, refusalOf } from '../testing.ts';

const audio = music(12_000, 2);
const FILES = {
  'a.wav': () => encode(audio, {}),
  'a.flac': () => encode(audio, { format: 'flac' }),
  'a.mp3': () => encode(audio, { format: 'mp3' }),
  'a.ogg': () => encodeVorbis(audio, 48_000),
  'a.opus': async () => OPUS_TONE,
} as const;

/** Damage as it happens: bits flipped, runs overwritten, pieces lost, doubled, or the end missing. */
const damage = fc.oneof(
  fc.record({
    type: fc.constant('set' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.nat(255),
    run: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    type: fc.constant('drop' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.constant(0),
    run: fc.integer({ min: 1, max: 900 }),
  }),
  fc.record({
    type: fc.constant('double' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.constant(0),
    run: fc.integer({ min: 1, max: 900 }),
  }),
  // The head decides most: aim at it more often.
  fc.record({
    type: fc.constant('set' as const),
    at: fc.double({ min: 0, max: 0.02, noNaN: true }),
    byte: fc.nat(255),
    run: fc.integer({ min: 1, max: 4 }),
  }),
);

function apply(
  bytes: Uint8Array,
  edits: readonly { type: string; at: number; byte: number; run: number }[],
): Uint8Array {
  let out = Buffer.from(bytes);
  for (const { type, at, byte, run } of edits) {
    const from = Math.floor(at * out.length);
    const to = Math.min(out.length, from + run);
    if (type === 'set') out.fill(byte, from, to);
    else
      out = Buffer.concat([
        out.subarray(0, type === 'drop' ? from : to),
        out.subarray(type === 'drop' ? to : from),
      ]);
  }
  return out;
}

describe('whatever happens to a file, decoding succeeds or is refused', () => {
  it.each(Object.entries(FILES))('%s', async (name, make) => {
    const bytes = await make();
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (edits) => {
        const refusal = await refusalOf(apply(bytes, edits), name, 10);
        if (refusal) {
          expect(refusal.code).toMatch(/^asset_/);
          expect(refusal.detail.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('bytes of no meaning behind each magic word', async () => {
    const magic = fc.constantFrom(
      'RIFF\0\0\0\0WAVE',
      'fLaC',
      'OggS\0',
      'ID3\x04\0\0\0\0\0\0',
      '\xff\xfb\x90\x64',
    );
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 3000 }), async (word, rest) => {
        const bytes = Buffer.concat([Buffer.from(word, 'latin1'), rest]);
        expect((await refusalOf(bytes, 'take', 10))?.code).toMatch(/^asset_/);
      }),
      { numRuns: 60 },
    );
  });
});
