import { RefusedError } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTpdfDither } from './dither.ts';
import { concat, sine } from './testing.ts';
import { encodeWavHeader, type WavBitDepth, wavPadding } from './wav-header.ts';
import { createWavParser } from './wav-parser.ts';
import { encodeWavSamples } from './wav-samples.ts';

const join = (...parts: (Uint8Array | string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((p) => (typeof p === 'string' ? [...Buffer.from(p, 'latin1')] : [...p])),
  );
const u16 = (v: number) => [v & 255, (v >> 8) & 255];
const u32 = (v: number) => [...u16(v & 0xffff), ...u16(v >>> 16)];
const chunk = (id: string, body: Uint8Array | number[], size = body.length) =>
  join(id, u32(size), body, body.length % 2 ? [0] : []);
const fmt = (tag: number, channels: number, rate: number, bits: number, align?: number) => [
  ...u16(tag),
  ...u16(channels),
  ...u32(rate),
  ...u32((rate * channels * bits) / 8),
  ...u16(align ?? (channels * bits) / 8),
  ...u16(bits),
];
const riff = (...chunks: Uint8Array[]) => {
  const body = join('WAVE', ...chunks);
  return join('RIFF', u32(body.length), body);
};

const parse = (bytes: Uint8Array, size = bytes.length || 1) => {
  const parser = createWavParser();
  const blocks: Float32Array[][] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const block = parser.push(bytes.subarray(at, at + size));
    if (block) blocks.push(block);
  }
  const channels = Array.from({ length: parser.format?.channels ?? 0 }, (_, c) =>
    concat(blocks.map((b) => b[c]!)),
  );
  return {
    ...parser,
    format: parser.format,
    declaredFrames: parser.declaredFrames,
    dataAt: parser.dataAt,
    frames: parser.frames,
    channels,
  };
};
const refusalOf = (bytes: Uint8Array) => {
  try {
    parse(bytes);
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal.code;
    throw error;
  }
  return null;
};

const write = (channels: Float32Array[], bitDepth: WavBitDepth, sampleRate = 48_000) => {
  const layout = { sampleRate, channels: channels.length, bitDepth, frames: channels[0]!.length };
  return join(
    encodeWavHeader(layout),
    encodeWavSamples(channels, bitDepth, null),
    new Uint8Array(wavPadding(layout)),
  );
};

describe('encodeWavHeader', () => {
  it('writes the plain 44 bytes for 16-bit stereo', () => {
    const header = encodeWavHeader({ sampleRate: 44_100, channels: 2, bitDepth: 16, frames: 1000 });
    expect(Buffer.from(header).toString('hex')).toBe(
      `52494646${'c40f0000'}57415645666d74201000000001000200${'44ac0000'}${'10b10200'}0400100064617461a00f0000`,
    );
  });

  it('uses the extensible form for 24 bits, and float with a fact chunk for 32', () => {
    const at = (bytes: Uint8Array, offset: number) =>
      new DataView(bytes.buffer).getUint16(offset, true);
    const layout = { sampleRate: 48_000, channels: 2, frames: 3 };
    const extensible = encodeWavHeader({ ...layout, bitDepth: 24 });
    expect(at(extensible, 20)).toBe(0xfffe);
    expect(at(extensible, 44)).toBe(1);
    const float = encodeWavHeader({ ...layout, bitDepth: '32f' });
    expect(at(float, 20)).toBe(3);
    expect(Buffer.from(float).toString('latin1')).toContain('fact\u0004\0\0\0\u0003\0\0\0');
  });

  it('states the size of everything after itself, padding included', () => {
    for (const bitDepth of [16, 24, '32f'] as const) {
      const file = write([new Float32Array(3)], bitDepth);
      const view = new DataView(file.buffer);
      expect(view.getUint32(4, true)).toBe(file.length - 8);
      expect(file.length % 2).toBe(0);
    }
  });

  it('becomes RF64 just where 32 bits no longer suffice', () => {
    const frames = Math.floor((2 ** 32 - 1) / 8);
    const small = {
      sampleRate: 48_000,
      channels: 2,
      bitDepth: '32f',
      frames: frames - 100,
    } as const;
    expect(Buffer.from(encodeWavHeader(small).subarray(0, 4)).toString()).toBe('RIFF');
    const header = encodeWavHeader({ ...small, frames: frames + 100 });
    expect(Buffer.from(header.subarray(0, 4)).toString()).toBe('RF64');
    const view = new DataView(header.buffer);
    expect(view.getUint32(4, true)).toBe(0xffffffff);
    expect(Number(view.getBigUint64(20, true))).toBe(header.length + (frames + 100) * 8 - 8);
    expect(Number(view.getBigUint64(28, true))).toBe((frames + 100) * 8);
    expect(Number(view.getBigUint64(36, true))).toBe(frames + 100);
    const parser = createWavParser();
    parser.push(header);
    expect(parser.declaredFrames).toBe(frames + 100);
  });
});

describe('createWavParser', () => {
  const x = sine(48_000, 1000, -3, 0.01);
  const y = sine(48_000, 500, -3, 0.01);

  it.each([16, 24, '32f'] as const)('reads what we write: %s', (bitDepth) => {
    const { channels, format, declaredFrames, frames } = parse(write([x, y], bitDepth));
    expect(format).toMatchObject({ sampleRate: 48_000, channels: 2 });
    expect(declaredFrames).toBe(480);
    expect(frames).toBe(480);
    const step = bitDepth === '32f' ? 0 : 2 ** (1 - bitDepth);
    for (const [c, source] of [x, y].entries())
      for (const [i, v] of source.entries())
        expect(Math.abs(channels[c]![i]! - v)).toBeLessThanOrEqual(step / 2);
  });

  it('reads 8-bit unsigned, 32-bit whole numbers and 64-bit float', () => {
    const eight = riff(chunk('fmt ', fmt(1, 1, 8000, 8)), chunk('data', [0, 128, 255]));
    expect([...parse(eight).channels[0]!]).toEqual([-1, 0, 127 / 128]);
    const ints = new Uint8Array(Int32Array.of(-(2 ** 31), 2 ** 30).buffer);
    const wide = riff(chunk('fmt ', fmt(1, 1, 8000, 32)), chunk('data', ints));
    expect([...parse(wide).channels[0]!]).toEqual([-1, 0.5]);
    const doubles = new Uint8Array(Float64Array.of(0.5, -2).buffer);
    const long = riff(chunk('fmt ', fmt(3, 1, 8000, 64)), chunk('data', doubles));
    expect([...parse(long).channels[0]!]).toEqual([0.5, -2]);
    // 20 bits in a container of three bytes stand at its top.
    const twenty = riff(chunk('fmt ', fmt(1, 1, 8000, 20, 3)), chunk('data', [0, 0, 0x40]));
    expect([...parse(twenty).channels[0]!]).toEqual([0.5]);
  });

  it('skips chunks that it does not know, odd lengths included, and what follows the samples', () => {
    const file = riff(
      chunk('LIST', [1, 2, 3]),
      chunk('fmt ', fmt(1, 1, 8000, 16)),
      chunk('bext', new Uint8Array(603)),
      chunk('data', [0, 64]),
      chunk('id3 ', [9, 9, 9, 9]),
    );
    expect([...parse(file).channels[0]!]).toEqual([0.5]);
    expect(parse(file).dataAt).toBe(Buffer.from(file).indexOf('data') + 8);
    expect(parse(file, 1).dataAt).toBe(parse(file).dataAt);
  });

  it('does not depend on where the bytes are cut', () => {
    const file = join(write([x, y], 24), chunk('LIST', [1, 2, 3]));
    const whole = parse(file);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
        expect(parse(file, size).channels).toEqual(whole.channels);
      }),
    );
  });

  it('tells of truncation, and reads on to the end where the size is unknown', () => {
    const cut = parse(write([x], 16).subarray(0, 44 + 2 * 100 + 1));
    expect([cut.declaredFrames, cut.frames]).toEqual([480, 100]);
    const format = chunk('fmt ', fmt(1, 1, 8000, 16));
    const piped = riff(format, chunk('data', [0, 64, 0, 32], 0xffffffff));
    expect([parse(piped).declaredFrames, parse(piped).frames]).toEqual([null, 2]);
    // No sizes yet, or those of an empty file.
    for (const size of [0, 4 + format.length + 8]) {
      const killed = join('RIFF', u32(size), 'WAVE', format, chunk('data', [0, 64], 0));
      expect([parse(killed).declaredFrames, parse(killed).frames]).toEqual([null, 1]);
    }
    const empty = riff(format, chunk('data', []), chunk('LIST', [1, 2]));
    expect([parse(empty).declaredFrames, parse(empty).frames]).toEqual([0, 0]);
  });

  it('knows the sizes that programs make up for a pipe, whole frames of them', () => {
    const sized = (align: number, size: number) =>
      parse(riff(chunk('fmt ', fmt(1, 1, 8000, align * 8)), chunk('data', [0, 0, 64], size)));
    for (const size of [0x7ffff000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff])
      expect(sized(2, size).declaredFrames).toBeNull();
    expect(sized(3, 0x7ffff000 - (0x7ffff000 % 3)).declaredFrames).toBeNull();
    for (const size of [0x7fffeffe, 0x7ffffff0, 0xfffffff0])
      expect(sized(2, size).declaredFrames).toBe(size / 2);
  });

  it('is not impressed by absurd sizes', () => {
    const file = riff(chunk('fmt ', fmt(1, 2, 8000, 16)), chunk('LIST', [], 0xfffffff0));
    expect(parse(file).frames).toBe(0);
    const huge = riff(chunk('fmt ', fmt(1, 1, 8000, 16), 0xfffffffe));
    expect(parse(huge).format).toBeNull();
  });

  it.each([
    ['no WAV at all', join('RIFF', u32(4), 'AVI '), 'asset_corrupt'],
    ['big-endian', join('RIFX', u32(4), 'WAVE'), 'asset_unsupported'],
    ['samples before the format', riff(chunk('data', [1, 2])), 'asset_corrupt'],
    ['a format chunk that is too short', riff(chunk('fmt ', [1, 0])), 'asset_corrupt'],
    ['no channels', riff(chunk('fmt ', fmt(1, 0, 8000, 16, 4))), 'asset_corrupt'],
    ['no rate', riff(chunk('fmt ', fmt(1, 1, 0, 16))), 'asset_corrupt'],
    ['frames that do not fit', riff(chunk('fmt ', fmt(1, 2, 8000, 16, 3))), 'asset_corrupt'],
    ['float of two bytes', riff(chunk('fmt ', fmt(3, 1, 8000, 16))), 'asset_corrupt'],
    ['ADPCM', riff(chunk('fmt ', fmt(2, 1, 8000, 4, 256))), 'asset_unsupported'],
    [
      'an unknown extensible kind',
      riff(chunk('fmt ', [...fmt(0xfffe, 1, 8000, 16), ...new Array(24).fill(7)])),
      'asset_unsupported',
    ],
  ])('refuses %s', (_, bytes, code) => {
    expect(refusalOf(bytes)).toBe(code);
  });

  it('never throws anything but a refusal, whatever the bytes', () => {
    const file = write([x, y], 16);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(file.length),
        fc.integer({ min: 1, max: 64 }),
        (edits, length, size) => {
          const bytes = file.slice(0, length);
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          try {
            parse(bytes, size);
          } catch (error) {
            expect(error).toBeInstanceOf(RefusedError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('dithers 16 and 24 bits but not float', () => {
  const x = sine(48_000, 1000, -60, 0.01);
  const dithered = (depth: WavBitDepth) => encodeWavSamples([x], depth, createTpdfDither(1));
  expect(dithered(16)).not.toEqual(encodeWavSamples([x], 16, null));
  expect(dithered('32f')).toEqual(encodeWavSamples([x], '32f', null));
});
