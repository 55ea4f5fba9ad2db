import { type RefusedError, refuse } from '@mixdown/contract/errors';

/** What the head of a file says about its sound. */
export interface AudioInfo {
  readonly sampleRate: number;
  readonly channels: number;
  /** Frames that the file promises; null = it does not say. */
  readonly frames: number | null;
}

/** Decoders yield planar blocks, and throw RefusedError `asset_corrupt` or `asset_unsupported`. */
export type Blocks = AsyncIterable<Float32Array[]>;

export const corrupt = (detail: string): RefusedError => refuse('asset_corrupt', detail);

const MIN_RATE = 8000;
const MAX_RATE = 192_000;
/** +80 dB: nothing that anybody recorded; floats like this come from broken files. */
const ABSURD = 10_000;

const duration = (seconds: number) =>
  seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;

/** Throws RefusedError if audio of this kind is not taken at all. */
export function checkInfo({ sampleRate, channels, frames }: AudioInfo, maxSeconds: number): void {
  if (channels < 1) throw corrupt('The file says that it has no channels.');
  if (channels > 2)
    throw refuse(
      'asset_unsupported',
      `The file has ${channels} channels; only mono and stereo are supported. Mix it down to stereo first.`,
    );
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE)
    throw refuse(
      'asset_unsupported',
      `The sample rate of ${sampleRate} Hz is not supported; it must be between 8 and 192 kHz.`,
    );
  if (frames !== null && frames > maxSeconds * sampleRate)
    throw tooLong(maxSeconds, `lasts ${duration(frames / sampleRate)}`);
}

const tooLong = (maxSeconds: number, what: string) =>
  refuse('asset_too_long', `The audio ${what}; at most ${duration(maxSeconds)} are allowed.`);

function checkSamples(samples: Float32Array, firstFrame: number, sampleRate: number): void {
  for (let i = 0; i < samples.length; i++) {
    // Written so that NaN fails too.
    if (!(Math.abs(samples[i]!) < ABSURD)) {
      const at = ((firstFrame + i) / sampleRate).toFixed(1);
      throw corrupt(`The audio has a value that is no sound (${samples[i]}) at ${at} s.`);
    }
  }
}

/**
 * Passes blocks on that keep what `info` says, have only finite values and end within `maxSeconds`; empty blocks are
 * dropped. Throws RefusedError `asset_corrupt`, `asset_too_long` or, if nothing came, `asset_empty`.
 */
export async function* checkBlocks(
  blocks: Blocks,
  { sampleRate, channels }: AudioInfo,
  maxSeconds: number,
): AsyncGenerator<Float32Array[]> {
  let frames = 0;
  for await (const block of blocks) {
    const length = block[0]?.length ?? 0;
    if (length === 0) continue;
    if (block.length !== channels) throw corrupt('The number of channels changes in the middle.');
    for (const samples of block) checkSamples(samples, frames, sampleRate);
    frames += length;
    if (frames > maxSeconds * sampleRate)
      throw tooLong(maxSeconds, `lasts longer than ${duration(maxSeconds)}`);
    yield block;
  }
  if (frames === 0) throw refuse('asset_empty', 'The file holds no audio: it is 0 s long.');
}
