import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '@mixdown/contract';
import { encodeWavHeader, encodeWavSamples } from '@mixdown/dsp';
import { describe, expect, it } from 'vitest';
import { OPUS_TONE } from '../opus-fixture.ts';
import {
  decode,
  encode,
  encodeOggFlac,
  encodeVorbis,
  errorDb,
  music,
  refusalOf,
} from '../testing.ts';
import { decodeInThread } from './decode-in-thread.ts';
import { openAudio } from './open-audio.ts';

const flip = (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ 0x5a : b));
const codeOf = async (...args: Parameters<typeof refusalOf>) => (await refusalOf(...args))?.code;

describe('openAudio reads', () => {
  it('Ogg Vorbis, with its exact length', async () => {
    const audio = music(30_000, 2, 44_100);
    const { audio: back, ...info } = await decode(await encodeVorbis(audio, 44_100), 'a.ogg');
    expect(info).toMatchObject({
      codec: 'ogg-vorbis',
      sampleRate: 44_100,
      channels: 2,
    });
    expect(back[0]).toHaveLength(30_000);
    expect(errorDb(back[1]!, audio[1]!)).toBeLessThan(-35);
  });

  it('Ogg Opus, with its exact length and the gain that it asks for', async () => {
    const { audio, ...info } = await decode(OPUS_TONE, 'tone.opus');
    expect(info).toMatchObject({
      codec: 'ogg-opus',
      sampleRate: 48_000,
      channels: 1,
    });
    expect(audio[0]).toHaveLength(14_400);
    const rms = (x: Float32Array) => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);
    expect(rms(audio[0]!)).toBeCloseTo(Math.SQRT1_2 / 2, 1);
    const quieter = OPUS_TONE.slice();
    new DataView(quieter.buffer).setInt16(28 + 16, -6 * 256, true);
    new DataView(quieter.buffer).setUint32(22, oggChecksum(quieter.subarray(0, 28 + 19)), true);
    const { audio: soft } = await decode(quieter, 'tone.opus');
    expect(rms(soft[0]!) / rms(audio[0]!)).toBeCloseTo(10 ** (-6 / 20), 5);
  });

  it('Ogg FLAC, bit for bit', async () => {
    const samples = Int32Array.from({ length: 9000 }, (_, i) => ((i * 7919) % 60_000) - 30_000);
    const { audio, ...info } = await decode(await encodeOggFlac(samples), 'a.oga');
    expect(info.codec).toBe('ogg-flac');
    expect([...audio[0]!]).toEqual([...samples].map((v) => v / 32_768));
  });

  it('mono as one channel, in every format', async () => {
    const audio = music(8000, 1);
    for (const [name, bytes] of [
      ['a.wav', await encode(audio, {})],
      ['a.flac', await encode(audio, { format: 'flac' })],
      ['a.mp3', await encode(audio, { format: 'mp3' })],
      ['a.ogg', await encodeVorbis(audio, 48_000)],
    ] as const) {
      const { audio: back } = await decode(bytes, name);
      expect(back.map((x) => x.length)).toEqual([8000]);
      expect(errorDb(back[0]!, audio[0]!)).toBeLessThan(-35);
    }
  });

  it('8 kHz and 192 kHz', async () => {
    for (const sampleRate of [8000, 192_000]) {
      const bytes = await encode(music(2000, 1), { sampleRate });
      expect((await decode(bytes, 'a.wav')).sampleRate).toBe(sampleRate);
    }
  });

  it('behind an ID3 tag, and with one at the end', async () => {
    const tag = Buffer.concat([
      Buffer.from('ID3\x04\0\0\0\0\x02\x00', 'latin1'),
      Buffer.alloc(256, 65),
    ]);
    const end = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    const audio = music(6000, 2);
    const mp3 = Buffer.concat([tag, await encode(audio, { format: 'mp3' }), end]);
    expect((await decode(mp3, 'a.mp3')).audio[0]).toHaveLength(6000);
    const flac = Buffer.concat([tag, await encode(audio, { format: 'flac' })]);
    expect((await decode(flac, 'a.flac')).audio[0]).toHaveLength(6000);
  });

  it('MP3 without an Info frame, whole frames of it', async () => {
    const mp3 = (await encode(music(6000, 2), { format: 'mp3', bitrateKbps: 128 })).subarray(384);
    const { audio, ...info } = await decode(mp3, 'a.mp3');
    expect(info.frames).toBeNull();
    expect(audio[0]!.length % 1152).toBe(0);
    expect(audio[0]!.length).toBeGreaterThan(6000);
  });

  it('MP3 files that were joined, to the end of the last', async () => {
    const one = await encode(music(6000, 2), { format: 'mp3', bitrateKbps: 128 });
    const tag = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    const { audio } = await decode(Buffer.concat([one, one, tag, one, tag]), 'a.mp3');
    // The first begins in time; of the others, what their encoder put around them is heard as well.
    expect(errorDb(audio[0]!, music(6000, 2)[0]!)).toBeLessThan(-35);
    const frames = Math.ceil((6000 + 576) / 1152) + 1;
    expect(audio[0]!.length).toBeGreaterThan(2 * frames * 1152);
  });

  it('MP3 with checksums, whose Info frame LAME writes as if there were none', async () => {
    const audio = music(6000, 2);
    const mp3 = Buffer.from(await encode(audio, { format: 'mp3', bitrateKbps: 128 }));
    // Only the Info frame says that it is protected: nothing reads its checksum, and its tag stands where it stood.
    mp3[1] = mp3[1]! & ~1;
    const { audio: back, frames } = await decode(mp3, 'a.mp3');
    expect([frames, back[0]!.length]).toEqual([6000, 6000]);
    expect(errorDb(back[0]!, audio[0]!)).toBeLessThan(-35);
  });

  it('files whose name says nothing, by their content', async () => {
    const bytes = await encode(music(100, 1), {});
    for (const name of ['take', 'take.bin', '.wav', 'TAKE.WAV'])
      expect((await decode(bytes, name)).codec).toBe('wav');
  });

  it('in blocks of bounded length', async () => {
    const bytes = await encode(music(400_000, 2), { format: 'flac', bitDepth: 16 });
    expect((await decode(bytes, 'a.flac')).longestBlock).toBeLessThan(150_000);
  });

  it('the same through a thread, each time that blocks() is called', async () => {
    const audio = music(20_000, 2);
    for (const [name, format, bytes] of [
      ['a.wav', 'wav', await encode(audio, {})],
      ['a.flac', 'flac', await encode(audio, { format: 'flac' })],
      ['a.mp3', 'mp3', await encode(audio, { format: 'mp3' })],
      ['a.opus', 'ogg', OPUS_TONE],
    ] as const) {
      const here = await decode(bytes, name);
      const there = await decode(bytes, name, { thread: true });
      expect(there.format).toBe(format);
      expect(there.audio).toEqual(here.audio);
    }
  });

  it('as far as the caller wants to hear, and closes behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mixdown-open-'));
    try {
      const path = join(folder, 'a');
      await writeFile(path, await encode(music(300_000, 2), { format: 'flac' }));
      const opened = await openAudio(path, { fileName: 'a.flac', maxSeconds: 60 });
      for (let run = 0; run < 2; run++) {
        let first = 0;
        for await (const block of opened.blocks()) {
          first = block[0]!.length;
          break;
        }
        expect(first).toBeGreaterThan(0);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('openAudio refuses', () => {
  const audio = music(20_000, 2);

  it('empty files, and files without a single sample', async () => {
    expect(await codeOf(new Uint8Array(0), 'a.wav')).toBe('asset_empty');
    expect(await codeOf(await encode([new Float32Array(0)], {}), 'a.wav')).toBe('asset_empty');
  });

  it('names that lie, and says what the file is', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    expect(await refusalOf(png, 'kick.wav')).toMatchObject({
      code: 'asset_mislabelled',
      detail: expect.stringContaining('“kick.wav” is named as WAV but is a PNG picture.'),
    });
    const mp3 = await encode(audio, { format: 'mp3' });
    expect(await refusalOf(mp3, 'my song.wav')).toMatchObject({
      code: 'asset_mislabelled',
      detail:
        '“my song.wav” is named as WAV but holds MP3 audio. Rename it to “my song.mp3” and upload it again.',
    });
    expect(await codeOf(await encode(audio, {}), 'a.mp3')).toBe('asset_mislabelled');
    expect(await codeOf(await encode(audio, { format: 'flac' }), 'a.aif')).toBe(
      'asset_mislabelled',
    );
    expect(await codeOf(await encodeVorbis(audio, 48_000), 'a.opus')).toBe('asset_mislabelled');
  });

  it('what is no audio, or audio of another kind', async () => {
    const latin1 = (text: string) => Buffer.from(text.padEnd(64, '\0'), 'latin1');
    for (const [text, name, word] of [
      ['\x89PNG\r\n', 'a.png', 'PNG'],
      ['FORM\0\0\0\0AIFF', 'a.aiff', 'AIFF'],
      ['\0\0\0\x20ftypM4A ', 'a.m4a', 'M4A'],
      ['nothing in particular', 'a.xyz', 'not audio'],
      [`${'OggS'.padEnd(26, '\0')}\x01\x08Speex   `, 'a.ogg', 'without Vorbis'],
    ] as const) {
      const refusal = await refusalOf(latin1(text), name);
      expect(refusal?.code).toBe('asset_unsupported');
      expect(refusal?.detail).toContain(word);
    }
    expect(await codeOf(latin1('nothing in particular'), 'a.wav')).toBe('asset_corrupt');
  });

  it('FLAC of more bits than are supported', async () => {
    const flac = Buffer.from(await encode(audio, { format: 'flac' }));
    // 32 bits: five bits of STREAMINFO, across two bytes.
    flac[20] = flac[20]! | 1;
    flac[21] = flac[21]! | 0xf0;
    expect(await refusalOf(flac, 'a.flac')).toMatchObject({
      code: 'asset_unsupported',
      detail: 'The FLAC file has 32 bits per sample; at most 24 are supported.',
    });
  });

  it('more than two channels, and rates out of range', async () => {
    const wav = (channels: number, sampleRate: number) => {
      const block = music(10, channels);
      return Buffer.concat([
        encodeWavHeader({ sampleRate, channels, bitDepth: 16, frames: 10 }),
        encodeWavSamples(block, 16, null),
      ]);
    };
    expect(await refusalOf(wav(6, 48_000), 'a.wav')).toMatchObject({
      code: 'asset_unsupported',
      detail: expect.stringContaining('6 channels'),
    });
    expect(await codeOf(wav(2, 7999), 'a.wav')).toBe('asset_unsupported');
    expect(await codeOf(wav(2, 384_000), 'a.wav')).toBe('asset_unsupported');
  });

  it('what is too long, by the head or while decoding', async () => {
    const long = music(48_000, 1);
    for (const [name, bytes] of [
      ['a.wav', await encode(long, {})],
      ['a.flac', await encode(long, { format: 'flac' })],
      ['a.mp3', await encode(long, { format: 'mp3' })],
      ['a.ogg', await encodeVorbis(long, 48_000)],
    ] as const) {
      expect(await codeOf(bytes, name, 0.9)).toBe('asset_too_long');
      expect(await codeOf(bytes, name, 1)).toBeUndefined();
    }
  });

  it('values that are no sound', async () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e9]) {
      const bytes = await encode([Float32Array.of(0, bad, 0)], { bitDepth: '32f' });
      expect(await codeOf(bytes, 'a.wav')).toBe('asset_corrupt');
    }
  });

  it('files that are cut off anywhere', async () => {
    for (const [name, bytes] of [
      ['a.wav', await encode(audio, {})],
      ['a.flac', await encode(audio, { format: 'flac' })],
      ['a.mp3', await encode(audio, { format: 'mp3' })],
      ['a.ogg', await encodeVorbis(audio, 48_000)],
      ['a.opus', OPUS_TONE],
    ] as const) {
      for (const share of [0.3, 0.7, 0.99]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        expect(await codeOf(cut, name), `${name} ${share}`).toBe('asset_corrupt');
      }
      const head = await codeOf(bytes.subarray(0, 20), name);
      // What is left of an MP3 is a head without a frame.
      expect(['asset_corrupt', 'asset_mislabelled', 'asset_empty']).toContain(head);
    }
  });

  it('files with damage in the middle', async () => {
    for (const [name, bytes] of [
      ['a.flac', await encode(audio, { format: 'flac' })],
      ['a.ogg', await encodeVorbis(audio, 48_000)],
      ['a.opus', OPUS_TONE],
    ] as const)
      expect(await codeOf(flip(bytes, bytes.length >> 1), name), name).toBe('asset_corrupt');
    const mp3 = await encode(audio, { format: 'mp3', bitrateKbps: 128 });
    const hole = mp3.slice().fill(0x11, 384 * 5, 384 * 5 + 200);
    expect(await codeOf(hole, 'a.mp3')).toBe('asset_corrupt');
  });

  it('Ogg files of several streams', async () => {
    const other = OPUS_TONE;
    const chained = Buffer.concat([await encodeVorbis(audio, 48_000), other]);
    expect(await codeOf(chained, 'a.ogg')).toBe('asset_unsupported');
  });

  it('throws what the disk throws, as it is', async () => {
    const missing = openAudio('/nowhere/at/all.wav', { fileName: 'a.wav', maxSeconds: 60 });
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
    const task = { path: '/nowhere/at/all.flac', start: 0, kind: 'flac' } as const;
    await expect(decodeInThread(task).next()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a decoder that never answers is stopped and refused', async () => {
    const entry = new URL('data:text/javascript,for(;;);');
    const task = { path: 'x', start: 0, kind: 'mp3' } as const;
    const hanging = decodeInThread(task, { entry, stepTimeoutMs: 50 }).next();
    await expect(hanging).rejects.toMatchObject({
      refusal: refuse('asset_corrupt', 'The file is damaged: decoding it does not come to an end.')
        .refusal,
    });
  });
});

/** Ogg's checksum, written bit by bit so that it shares nothing with the table that is tested. */
function oggChecksum(page: Uint8Array): number {
  let crc = 0;
  for (const [i, byte] of page.entries()) {
    crc ^= (i >= 22 && i < 26 ? 0 : byte) << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
