import type { MeterReading } from '../processors/meter.ts';

const SILENT: MeterReading = { peak: [0, 0], rms: [0, 0] };

/** Latest meter values of all tracks and the master; peaks are held until they are read. */
export class MeterBoard {
  readonly #readings = new Map<string, MeterReading>();

  /** Values: peak left, peak right, RMS left, RMS right for each id. */
  update(ids: readonly string[], values: Float32Array): void {
    ids.forEach((id, i) => {
      const [pl = 0, pr = 0, rl = 0, rr = 0] = values.subarray(4 * i, 4 * i + 4);
      const held = this.#readings.get(id) ?? SILENT;
      this.#readings.set(id, {
        peak: [Math.max(held.peak[0], pl), Math.max(held.peak[1], pr)],
        rms: [rl, rr],
      });
    });
  }

  /** Nothing sounds any more. */
  clear(): void {
    this.#readings.clear();
  }

  read(id: string): MeterReading {
    const reading = this.#readings.get(id) ?? SILENT;
    if (reading !== SILENT) this.#readings.set(id, { ...reading, peak: [0, 0] });
    return reading;
  }
}
