import { EXPORT_PEAKS, type ExportPeaks } from '@mixdown/contract';
import { createPeaks } from '@mixdown/dsp';

export interface Pictured extends AsyncIterable<Float32Array[]> {
  /** Valid once the blocks were read to their end. */
  peaks(): ExportPeaks;
}

/** Passes planar audio of `totalFrames` frames through while taking down its picture, at most `EXPORT_PEAKS` pairs. */
export function pictured(blocks: AsyncIterable<Float32Array[]>, totalFrames: number): Pictured {
  const collector = createPeaks(Math.max(1, Math.ceil(totalFrames / EXPORT_PEAKS)));
  async function* pass(): AsyncGenerator<Float32Array[]> {
    for await (const block of blocks) {
      collector.push(block);
      yield block;
    }
  }
  return { [Symbol.asyncIterator]: pass, peaks: () => collector.result() };
}
