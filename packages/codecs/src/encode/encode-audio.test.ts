import { createHash } from 'node:crypto';
import { RefusedError } from '@mixdown/contract';
import { encodeWavSamples, quantiseToInt } from '@mixdown/dsp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

describe('every format', () => {
  it.each(['wav', 'flac', 'mp3'] as const)(
    '%s: same bytes each run, however cut',
    async (format) => {
      const audio = music(30_000, 2);
      const o = { format, dither: true, bitDepth: 16 } as const;
      const whole = Buffer.from(await encode(audio, o, [30_000]));
      expect(whole.equals(await encode(audio, o, [30_000]))).toBe(true);
      expect(whole.equals(await encode(audio, o, [1, 700, 4097]))).toBe(true);
      if (format !== 'mp3')
        expect(whole.equals(await encode(audio, { ...o, ditherSeed: 2 }))).toBe(false);
    },
  );

  it.each(['wav', 'flac', 'mp3'] as const)(
    '%s: refuses to lie about the length',
    async (format) => {
      const audio = music(1000, 2);
      for (const totalFrames of [999, 1001])
        await expect(encode(audio, { format, totalFrames })).rejects.toThrow(/frames/);
      await expect(encode(audio, { format, channels: 1 })).rejects.toThrow(/channels/);
    },
  );

  it.each(['wav', 'flac', 'mp3'] as const)(
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
