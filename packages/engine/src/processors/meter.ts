import type { Stereo } from '../quantum.ts';

/** Linear peak and RMS of both channels. */
export interface MeterReading {
  readonly peak: readonly [number, number];
  readonly rms: readonly [number, number];
}

/** Accumulates peak and RMS between two readings. */
export class Meter {
  #peak: [number, number] = [0, 0];
  #squares: [number, number] = [0, 0];
  #frames = 0;

  push(block: Stereo): void {
    for (const c of [0, 1] as const) {
      const channel = block[c];
      let peak = this.#peak[c];
      let squares = 0;
      for (let i = 0; i < channel.length; i++) {
        const x = channel[i]!;
        const size = x < 0 ? -x : x;
        if (size > peak) peak = size;
        squares += x * x;
      }
      this.#peak[c] = peak;
      this.#squares[c] += squares;
    }
    this.#frames += block[0].length;
  }

  /** What came since the last reading; starts anew. */
  read(): MeterReading {
    const frames = Math.max(1, this.#frames);
    const reading: MeterReading = {
      peak: this.#peak,
      rms: [Math.sqrt(this.#squares[0] / frames), Math.sqrt(this.#squares[1] / frames)],
    };
    this.#peak = [0, 0];
    this.#squares = [0, 0];
    this.#frames = 0;
    return reading;
  }
}
