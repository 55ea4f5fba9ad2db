import type { ChunkStore } from '../processors/chunk-store.ts';
import { ClipSource } from '../processors/clip-source.ts';
import { SlotOut } from '../processors/slot-out.ts';
import { Strip } from '../processors/strip.ts';
import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { PluginFault, type PluginHost, type PluginRunner } from './plugin-runner.ts';
import { type PluginCode, SEGMENT_FRAMES, type ThreadTrack } from './protocol.ts';

interface RunningSlot {
  readonly plugin: PluginRunner | null;
  readonly out: SlotOut;
  readonly gains: { readonly dry: Float32Array; readonly wet: Float32Array };
}

/** Called before a plugin's code runs with the slot's number in its chain, and with −1 after it. */
export type OnSlot = (slot: number) => void;

/** Renders one track, source to strip, with the same processors as the worklets. */
export class TrackRenderer {
  readonly #source: ClipSource;
  readonly #slots: RunningSlot[];
  readonly #strip: Strip;
  readonly #gains: { readonly left: Float32Array; readonly right: Float32Array };
  readonly #clips: Stereo = createStereo(SEGMENT_FRAMES);
  readonly #ways: [Stereo, Stereo] = [createStereo(QUANTUM), createStereo(QUANTUM)];
  readonly #onSlot: OnSlot;

  constructor(
    track: ThreadTrack,
    scope: {
      store: ChunkStore;
      host: PluginHost;
      plugins: readonly PluginCode[];
      onSlot: OnSlot;
    },
  ) {
    this.#onSlot = scope.onSlot;
    this.#source = new ClipSource(scope.store, { exact: true, frames: SEGMENT_FRAMES });
    this.#source.setClips(track.clips);
    this.#slots = track.slots.map((slot, index) => {
      this.#onSlot(index);
      const code = slot.plugin === null ? undefined : scope.plugins[slot.plugin];
      return {
        plugin: code ? scope.host.start(code, slot.params) : null,
        out: new SlotOut(slot.latencyFrames),
        gains: { dry: Float32Array.of(slot.gains.dry), wet: Float32Array.of(slot.gains.wet) },
      };
    });
    this.#onSlot(-1);
    this.#strip = new Strip(track.delayFrames);
    this.#gains = {
      left: Float32Array.of(track.gains.left),
      right: Float32Array.of(track.gains.right),
    };
  }

  /**
   * Renders one segment into `out`. `frame` counts from the start of the render, `position` on the timeline;
   * `tick` is called before each quantum with its first frame. Throws {@link PluginFault}.
   */
  render(
    out: Stereo,
    at: { frame: number; position: number },
    tick: (frame: number) => void,
  ): void {
    const starved = this.#source.process(this.#clips, {
      position: at.position,
      reset: at.frame === 0,
      sourceFrom: 1,
      sourceTo: 1,
    });
    if (starved) throw new Error(`Audio is missing at frame ${at.position}`);
    for (let offset = 0; offset < SEGMENT_FRAMES; offset += QUANTUM) {
      tick(at.frame + offset);
      let [input, output] = this.#ways;
      for (const c of [0, 1] as const) {
        input[c].set(this.#clips[c].subarray(offset, offset + QUANTUM));
      }
      for (let index = 0; index < this.#slots.length; index++) {
        this.#runSlot(index, input, output);
        [input, output] = [output, input];
      }
      this.#strip.process(input, output, this.#gains);
      out[0].set(output[0], offset);
      out[1].set(output[1], offset);
    }
  }

  #runSlot(index: number, input: Stereo, output: Stereo): void {
    const slot = this.#slots[index] as RunningSlot;
    this.#onSlot(index);
    const wet = slot.plugin ? slot.plugin.process(input) : null;
    const fault = slot.out.process(wet, input, output, slot.gains);
    if (fault) throw new PluginFault(fault, `It put out ${FAULT_WORDS[fault]}.`);
    this.#onSlot(-1);
  }
}

const FAULT_WORDS = {
  non_finite: 'samples that are not numbers',
  runaway: 'a signal louder than +60 dBFS',
} as const;
