import { createHash } from 'node:crypto';
import { RefusedError } from '@mixdown/contract';
import { encodeWavSamples, quantiseToInt } from '@mixdown/dsp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OggPage, oggPages } from '../decode/ogg-pages.ts';
import type { Source } from '../decode/source.ts';
import { parseMpegHeader } from '../mpeg/frame-header.ts';
import { parseInfoFrame } from '../mpeg/info-frame.ts';
import { bytesOf, decode, encode, errorDb, inBlocks, music, OPTIONS } from '../testing.ts';
import { encodeAudio } from './encode-audio.ts';

const quantised = (audio: Float32Array[], bits: number) =>
  audio.map((x) => Float32Array.from(quantiseToInt([x], bits, null), (v) => v / 2 ** (bits - 1)));

describe('WAV', () => {
  it('32-bit float comes back bit for bit, over full scale too', async () => {
    const audio = music(10_001, 2).map((x) => x.map((v) => v * 3));
    const { audio: back, ...info } = await decode(
      await encode(audio, { bitDepth: '32f' }),
      'a.wav',
    );
    expect(back).toEqual(audio);
    expect(info).toMatchObject({ codec: 'wav', sampleRate: 48_000, channels: 2, frames: 10_001 });
  });

  it.each([16, 24] as const)('%i bits come back as rounded', async (bitDepth) => {
    const audio = music(5000, 2);
    const { audio: back } = await decode(await encode(audio, { bitDepth }), 'a.wav');
    expect(back).toEqual(quantised(audio, bitDepth));
  });

  it('pads an odd length of mono 24-bit audio', async () => {
    const bytes = await encode(music(3, 1), { bitDepth: 24 });
    expect(bytes.length % 2).toBe(0);
    expect((await decode(bytes, 'a.wav')).audio[0]).toHaveLength(3);
  });
});

describe('FLAC', () => {
  it.each([16, 24] as const)('%i bits come back bit for bit', async (bitDepth) => {
    const audio = music(20_001, 2, 44_100);
    const bytes = await encode(audio, { format: 'flac', bitDepth, sampleRate: 44_100 });
    const { audio: back, ...info } = await decode(bytes, 'a.flac');
    expect(back).toEqual(quantised(audio, bitDepth));
    expect(info).toMatchObject({ codec: 'flac', sampleRate: 44_100, frames: 20_001 });
    expect(bytes.length).toBeLessThan((20_001 * 2 * bitDepth) / 8);
  });

  it('takes the extremes, also where bytes repeat', async () => {
    const lsb = 2 ** -15;
    const edge = Float32Array.from(
      { length: 9000 },
      (_, i) => [-1, 1 - lsb, 0, -lsb, lsb, 255 * lsb][i % 6]!,
    );
    const { audio } = await decode(
      await encode([edge], { format: 'flac', bitDepth: 16 }),
      'a.flac',
    );
    expect(audio).toEqual([edge]);
  });

  it('states frame sizes, length and MD5 in its head', async () => {
    const audio = music(10_000, 2);
    const bytes = await encode(audio, { format: 'flac', bitDepth: 16 });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('fLaC');
    const size = (at: number) => view.getUint32(at) >>> 8;
    expect(size(12)).toBeGreaterThan(0);
    expect(size(15)).toBeGreaterThanOrEqual(size(12));
    expect(Number(view.getBigUint64(18) & 0xfffffffffn)).toBe(10_000);
    const samples = encodeWavSamples(audio, 16, null);
    const md5 = createHash('md5').update(samples).digest('hex');
    expect(Buffer.from(bytes.subarray(26, 42)).toString('hex')).toBe(md5);
  });

  it('has no 32-bit float', () => {
    expect(() =>
      encodeAudio(inBlocks([]), { ...OPTIONS, format: 'flac', bitDepth: '32f' }),
    ).toThrow(RefusedError);
  });
});

describe('MP3', () => {
  it.each([
    [48_000, 320],
    [48_000, 128],
    [44_100, 256],
    [44_100, 192],
  ])('at %i Hz and %i kbit/s: exact length, in time, close to the original', async (rate, kbps) => {
    const audio = music(2 * rate + 123, 2, rate);
    const o = { format: 'mp3', sampleRate: rate, bitrateKbps: kbps } as const;
    const { audio: back, ...info } = await decode(await encode(audio, o), 'a.mp3');
    expect(info).toMatchObject({ codec: 'mp3', sampleRate: rate, channels: 2 });
    expect(info.frames).toBe(audio[0]!.length);
    for (const [c, samples] of audio.entries()) {
      expect(back[c]).toHaveLength(samples.length);
      const error = errorDb(back[c]!, samples);
      expect(error).toBeLessThan(-35);
      // One sample early or late is already worse.
      expect(errorDb(back[c]!.subarray(1), samples)).toBeGreaterThan(error + 1);
      expect(errorDb(back[c]!, samples.subarray(1))).toBeGreaterThan(error + 1);
    }
  });

  it('gives back any number of samples, mono too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6000 }),
        fc.constantFrom(1, 2),
        async (frames, channels) => {
          const bytes = await encode(music(frames, channels), { format: 'mp3' });
          expect((await decode(bytes, 'a.mp3')).audio.map((x) => x.length)).toEqual(
            new Array(channels).fill(frames),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('begins with an Info frame whose counts are true', async () => {
    const frames = 50_000;
    const bytes = await encode(music(frames, 2), { format: 'mp3', bitrateKbps: 128 });
    const header = parseMpegHeader(bytes, 0)!;
    expect(header).toMatchObject({ bitrateKbps: 128, sampleRate: 48_000, channels: 2 });
    const info = parseInfoFrame(bytes, 0, header)!;
    let count = 0;
    for (let at = header.bytes; at < bytes.length; count++) at += parseMpegHeader(bytes, at)!.bytes;
    expect(info.frameCount).toBe(count);
    expect(info.delay).toBe(576);
    expect(count * 1152 - info.delay! - info.padding!).toBe(frames);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(view.getUint32(36 + 12)).toBe(bytes.length);
  });
});

describe('Opus', () => {
  it.each([128, 320])(
    'at %i kbit/s: exact length, in time, close to the original',
    async (kbps) => {
      const audio = music(96_123, 2);
      const bytes = await encode(audio, { format: 'opus', bitrateKbps: kbps });
      const { audio: back, ...info } = await decode(bytes, 'a.opus');
      expect(info).toMatchObject({ codec: 'ogg-opus', sampleRate: 48_000, channels: 2 });
      const kbitPerSecond = (bytes.length * 8) / (96_123 / 48_000) / 1000;
      expect(kbitPerSecond / kbps).toBeGreaterThan(0.8);
      expect(kbitPerSecond / kbps).toBeLessThan(1.2);
      for (const [c, samples] of audio.entries()) {
        expect(back[c]).toHaveLength(samples.length);
        const error = errorDb(back[c]!, samples);
        expect(error).toBeLessThan(-35);
        // One sample early or late is already worse.
        expect(errorDb(back[c]!.subarray(1), samples)).toBeGreaterThan(error + 1);
        expect(errorDb(back[c]!, samples.subarray(1))).toBeGreaterThan(error + 1);
      }
    },
  );

  it('gives back any number of samples, mono too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4000 }),
        fc.constantFrom(1, 2),
        async (frames, channels) => {
          const bytes = await encode(music(frames, channels), { format: 'opus' });
          expect((await decode(bytes, 'a.opus')).audio.map((x) => x.length)).toEqual(
            new Array(channels).fill(frames),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('has a head, tags, and pages of a second at most whose granules count to its end', async () => {
    const frames = 100_000;
    const bytes = await encode(music(frames, 2), { format: 'opus', ditherSeed: 77 });
    const pages = await pagesOf(bytes);
    const text = (page: OggPage) => Buffer.from(page.payload.subarray(0, 8)).toString('latin1');
    const [head, tags, ...audio] = pages as [OggPage, OggPage, ...OggPage[]];
    expect([text(head), head.isFirst, head.granule]).toEqual(['OpusHead', true, 0n]);
    expect([text(tags), tags.isFirst, tags.granule]).toEqual(['OpusTags', false, 0n]);
    const view = new DataView(head.payload.buffer, head.payload.byteOffset);
    const preSkip = view.getUint16(10, true);
    expect([...head.payload.subarray(8, 10), view.getUint32(12, true)]).toEqual([1, 2, 48_000]);
    expect(preSkip).toBeGreaterThan(0);
    expect(audio.map((page) => page.granule)).toEqual([48_000n, 96_000n, BigInt(frames + preSkip)]);
    expect(pages.map((page) => page.isLast)).toEqual([false, false, false, false, true]);
    expect(new Set(pages.map((page) => page.serial))).toEqual(new Set([77]));
  });

  it('has 48 kHz alone', () => {
    expect(() =>
      encodeAudio(inBlocks([]), { ...OPTIONS, format: 'opus', sampleRate: 44_100 }),
    ).toThrow(RefusedError);
  });
});

/** Read by the decoder's own page reader, which checks sequence numbers and checksums. */
async function pagesOf(bytes: Uint8Array): Promise<OggPage[]> {
  const source: Source = {
    bytes: bytes.length,
    read: async (at, length) => bytes.subarray(at, at + length),
    chunks: () => {
      throw new Error('not used');
    },
  };
  const pages: OggPage[] = [];
  for await (const page of oggPages(source, 0)) pages.push(page);
  return pages;
}

describe('every format', () => {
  it.each(['wav', 'flac', 'mp3', 'opus'] as const)(
    '%s: same bytes each run, however cut',
    async (format) => {
      const audio = music(30_000, 2);
      const o = { format, dither: true, bitDepth: 16 } as const;
      const whole = Buffer.from(await encode(audio, o, [30_000]));
      expect(whole.equals(await encode(audio, o, [30_000]))).toBe(true);
      expect(whole.equals(await encode(audio, o, [1, 700, 4097]))).toBe(true);
      if (format === 'wav' || format === 'flac')
        expect(whole.equals(await encode(audio, { ...o, ditherSeed: 2 }))).toBe(false);
    },
  );

  it.each(['wav', 'flac', 'mp3', 'opus'] as const)(
    '%s: refuses to lie about the length',
    async (format) => {
      const audio = music(1000, 2);
      for (const totalFrames of [999, 1001])
        await expect(encode(audio, { format, totalFrames })).rejects.toThrow(/frames/);
      await expect(encode(audio, { format, channels: 1 })).rejects.toThrow(/channels/);
    },
  );

  it.each(['wav', 'flac', 'mp3', 'opus'] as const)(
    '%s: a failing source fails the encoding',
    async (format) => {
      const source = async function* () {
        yield music(100, 2);
        throw new Error('the render failed');
      };
      const encoding = bytesOf(encodeAudio(source(), { ...OPTIONS, format, totalFrames: 200 }));
      await expect(encoding).rejects.toThrow('the render failed');
    },
  );
});
