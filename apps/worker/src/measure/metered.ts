import { createLoudnessMeter } from '@mixdown/dsp';
import type { Measurement } from './measurement.ts';

export interface Metered extends AsyncIterable<Float32Array[]> {
  /** Valid once the blocks were read to their end. */
  measurement(): Measurement;
}

/** Passes planar stereo through while measuring its loudness and true peak. */
export function metered(blocks: AsyncIterable<Float32Array[]>, sampleRate: number): Metered {
  const meter = createLoudnessMeter({ sampleRate, channels: 2 });
  async function* pass(): AsyncGenerator<Float32Array[]> {
    for await (const block of blocks) {
      meter.push(block);
      yield block;
    }
  }
  return {
    [Symbol.asyncIterator]: pass,
    measurement() {
      const { integratedLufs, truePeakDbtp } = meter.result();
      return { integratedLufs, truePeakDbtp };
    },
  };
}
