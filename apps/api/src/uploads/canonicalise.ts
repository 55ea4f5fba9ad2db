import { setImmediate } from 'node:timers/promises';
import type { AssetPeaks } from '@mixdown/contract';
import { createPeaks, createResampler } from '@mixdown/dsp';

export interface DecodedAudio {
  readonly sampleRate: number;
  readonly channels: number;
  /** Planar. */
  blocks(): AsyncIterable<Float32Array[]>;
}

export interface Canonical {
  /** The bytes of raw little-endian float32, interleaved. To be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Of what has been read of `body`. */
  frames(): number;
  peaks(): AssetPeaks;
}

/** Frames per pair of peaks: a screen shows a minute in about as many pixels as it then has pairs. */
const FRAMES_PER_PEAK = 256;
/** Decoding is work of the processor alone: after this long, everybody else gets a turn. */
const TURN_MS = 8;

/** A sample that is no number would silence everything behind it, for good. */
function cleaned(block: Float32Array[]): Float32Array[] {
  for (const samples of block) {
    for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) samples[i] = 0;
  }
  return block;
}

function interleaved(block: readonly Float32Array[]): Uint8Array {
  const frames = block[0]?.length ?? 0;
  const channels = block.length;
  const bytes = new Uint8Array(frames * channels * 4);
  const view = new DataView(bytes.buffer);
  for (const [c, samples] of block.entries()) {
    for (let i = 0; i < frames; i++) view.setFloat32((i * channels + c) * 4, samples[i]!, true);
  }
  return bytes;
}

/** Brings decoded audio to the project's rate (Hz), block by block. */
export function canonicalise(audio: DecodedAudio, toRate: number): Canonical {
  const { channels, sampleRate: fromRate } = audio;
  const resampler = createResampler({ fromRate, toRate, channels });
  const peaks = createPeaks(FRAMES_PER_PEAK);
  let frames = 0;
  const take = (block: Float32Array[]) => {
    frames += block[0]?.length ?? 0;
    peaks.push(block);
    return interleaved(block);
  };
  async function* body() {
    let turn = performance.now();
    for await (const block of audio.blocks()) {
      const bytes = take(resampler.push(cleaned(block)));
      if (bytes.length) yield bytes;
      if (performance.now() - turn > TURN_MS) {
        await setImmediate();
        turn = performance.now();
      }
    }
    const rest = take(resampler.flush());
    if (rest.length) yield rest;
  }
  return { body: body(), frames: () => frames, peaks: () => peaks.result() };
}
