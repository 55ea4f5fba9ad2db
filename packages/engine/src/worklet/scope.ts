import { ChunkStore } from '../processors/chunk-store.ts';
import type { Meter, MeterReading } from '../processors/meter.ts';
import { TransportClock, type TransportQuantum } from '../processors/transport-clock.ts';
import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { worklet } from './globals.ts';
import type { MasterOptions, SlotFaultReport } from './messages.ts';

/** What all processors of one context share: they run on one thread, one after another. */
class RenderScope {
  readonly transport = new TransportClock();
  readonly meters = new Map<string, Meter>();
  readonly faults: SlotFaultReport[] = [];
  chunks = new ChunkStore(1);
  exact = false;
  starved = false;

  configure(options: MasterOptions): void {
    this.chunks = new ChunkStore(options.chunkFrames);
    this.exact = options.exact;
    if (options.play) this.transport.play(options.play.atFrame, options.play.position);
  }

  /** The transport at the quantum that is being rendered. */
  quantum(): TransportQuantum {
    return this.transport.at(worklet.currentFrame);
  }

  readMeters(): { ids: string[]; values: Float32Array } {
    const ids = [...this.meters.keys()];
    const values = new Float32Array(ids.length * 4);
    ids.forEach((id, i) => {
      const { peak, rms } = (this.meters.get(id) as Meter).read() satisfies MeterReading;
      values.set([...peak, ...rms], i * 4);
    });
    return { ids, values };
  }
}

export const scope = new RenderScope();

const SILENCE: Stereo = createStereo(QUANTUM);

/** A stereo input or output of a processor; an input without connection is silence. */
export const stereoOf = (channels: readonly Float32Array[] | undefined): Stereo => {
  const left = channels?.[0];
  if (!left) return SILENCE;
  return [left, channels[1] ?? left];
};

/** Null while nothing is connected. */
export const connectedStereo = (channels: readonly Float32Array[] | undefined): Stereo | null =>
  channels?.[0] ? stereoOf(channels) : null;
