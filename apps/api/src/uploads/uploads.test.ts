import { describe, expect, it } from 'vitest';
import { assetName } from './asset-name.ts';
import { canonicalise } from './canonicalise.ts';

async function* blocksOf(...blocks: number[][][]) {
  for (const block of blocks) yield block.map((channel) => Float32Array.from(channel));
}
async function floatsOf(body: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  return Array.from({ length: all.length / 4 }, (_, i) => all.readFloatLE(i * 4));
}

describe('canonicalise', () => {
  it('interleaves the channels of every block', async () => {
    const canonical = canonicalise(
      {
        sampleRate: 48_000,
        channels: 2,
        blocks: () =>
          blocksOf(
            [
              [1, 2],
              [-1, -2],
            ],
            [[3], [-3]],
          ),
      },
      48_000,
    );
    expect(await floatsOf(canonical.body)).toEqual([1, -1, 2, -2, 3, -3]);
    expect(canonical.frames()).toBe(3);
    const peaks = Buffer.from(canonical.peaks().peaks, 'base64');
    expect([...new Int8Array(peaks)]).toEqual([-127, 127]);
  });

  it('silences samples that are no numbers, before they reach the resampler', async () => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, 0.5];
    const canonical = canonicalise(
      { sampleRate: 48_000, channels: 1, blocks: () => blocksOf([bad]) },
      48_000,
    );
    expect(await floatsOf(canonical.body)).toEqual([0, 0, 0.5]);
    const resampled = canonicalise(
      { sampleRate: 96_000, channels: 1, blocks: () => blocksOf([bad]) },
      48_000,
    );
    expect((await floatsOf(resampled.body)).every(Number.isFinite)).toBe(true);
  });

  it('has round(n · to / from) frames at the project’s rate', async () => {
    const second = new Array<number>(44_100).fill(0.1);
    const canonical = canonicalise(
      { sampleRate: 44_100, channels: 1, blocks: () => blocksOf([second]) },
      48_000,
    );
    expect(await floatsOf(canonical.body)).toHaveLength(48_000);
    expect(canonical.frames()).toBe(48_000);
  });
});

describe('assetName', () => {
  it.each([
    ['kick.wav', 'kick'],
    ['C:\\samples\\snare.hit.aiff', 'snare.hit'],
    ['../../etc/passwd', 'passwd'],
    ['.wav', 'Audio'],
    ['', 'Audio'],
    ['a\u0000b\n.mp3', 'a b'],
    ['Größe 夜.flac', 'Größe 夜'],
    ['the %22real%22 one%0D%0A.wav', 'the "real" one'],
    ['100%25.wav', '100%25'],
    [`${'x'.repeat(300)}.wav`, 'x'.repeat(120)],
  ])('of %j is %j', (file, name) => expect(assetName(file)).toBe(name));
});
