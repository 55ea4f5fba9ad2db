export interface EncodeOptions {
  format: 'wav' | 'flac' | 'mp3' | 'opus';
  /** Opus: 48,000 only. */
  sampleRate: number;
  channels: 1 | 2;
  /** WAV: 16, 24 or '32f'. FLAC: 16 or 24. MP3 and Opus take float as it is. */
  bitDepth: 16 | 24 | '32f';
  /** MP3: constant, 128, 192, 256 or 320 (any rate that MPEG-1 layer III has will do). Opus: on average, 6 to 510. */
  bitrateKbps: number;
  /** TPDF at 16 and 24 bits; without effect on float, MP3 and Opus. */
  dither: boolean;
  ditherSeed: number;
  /** Exactly as many as the blocks bring: headers state it. */
  totalFrames: number;
}

/**
 * Passes planar blocks on and makes sure that they are what the header says. A difference is a bug in the caller,
 * hence an Error: a file whose header lies must not leave the house.
 */
export async function* exactly(
  blocks: AsyncIterable<Float32Array[]>,
  { channels, totalFrames }: Pick<EncodeOptions, 'channels' | 'totalFrames'>,
): AsyncGenerator<Float32Array[]> {
  let frames = 0;
  for await (const block of blocks) {
    const length = block[0]?.length ?? 0;
    if (block.length !== channels || block.some((samples) => samples.length !== length))
      throw new Error(`expected ${channels} channels of equal length`);
    frames += length;
    if (frames > totalFrames) throw new Error(`more than the ${totalFrames} frames announced`);
    if (length > 0) yield block;
  }
  if (frames !== totalFrames) throw new Error(`${frames} frames instead of ${totalFrames}`);
}

/** Cuts long blocks, so that no step works on (or allocates for) more than `frames` at once. */
export function* pieces(
  block: readonly Float32Array[],
  frames = 65_536,
): Generator<Float32Array[]> {
  const length = block[0]?.length ?? 0;
  for (let at = 0; at < length; at += frames)
    yield block.map((samples) => samples.subarray(at, at + frames));
}
