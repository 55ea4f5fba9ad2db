import { createResampler } from '@mixdown/dsp';

/** Planar stereo at another rate: round(n · to / from) frames out of n, latency compensated. */
export async function* resampled(
  blocks: AsyncIterable<Float32Array[]>,
  rates: { readonly fromRate: number; readonly toRate: number },
): AsyncGenerator<Float32Array[]> {
  if (rates.fromRate === rates.toRate) return yield* blocks;
  const resampler = createResampler({ ...rates, channels: 2 });
  for await (const block of blocks) yield* nonEmpty(resampler.push(block));
  yield* nonEmpty(resampler.flush());
}

function* nonEmpty(block: Float32Array[]): Generator<Float32Array[]> {
  if ((block[0]?.length ?? 0) > 0) yield block;
}
