import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { IntegerDelay } from './integer-delay.ts';

/** Louder than this is no music: +60 dBFS. */
export const RUNAWAY_LIMIT = 1000;

export type SlotFault = 'non_finite' | 'runaway';

/** What is wrong with a block, or null. */
export function inspect(block: Stereo): SlotFault | null {
  for (const channel of block) {
    // A sum finds NaN and Inf alike without a call per sample; doubles cannot overflow from float32 here.
    let sum = 0;
    let peak = 0;
    for (let i = 0; i < channel.length; i++) {
      const x = channel[i]!;
      sum += x;
      const size = x < 0 ? -x : x;
      if (size > peak) peak = size;
    }
    if (!Number.isFinite(sum)) return 'non_finite';
    if (peak > RUNAWAY_LIMIT) return 'runaway';
  }
  return null;
}

/** A gain over one block: one value, or one value per frame (as AudioParams come). */
export type GainBlock = Float32Array;

function isConstant(gain: GainBlock, value: number): boolean {
  for (let i = 0; i < gain.length; i++) if (gain[i] !== value) return false;
  return true;
}

/**
 * The end of a slot: mixes the plugin's output (wet) with its input (dry), which is delayed by the plugin's
 * latency so that both are aligned and the slot's timing never depends on whether the plugin works. Output that
 * is not finite, or absurdly loud, is never let through: the slot passes dry from that quantum on.
 */
export class SlotOut {
  readonly #delay: IntegerDelay;
  readonly #dry: Stereo = createStereo(QUANTUM);
  #failed = false;

  constructor(latencyFrames: number) {
    this.#delay = new IntegerDelay(latencyFrames);
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Passes dry, whatever the gains say, until {@link recover}. */
  fail(): void {
    this.#failed = true;
  }

  recover(): void {
    this.#failed = false;
  }

  reset(): void {
    this.#delay.reset();
  }

  /** One quantum; `wet` is null while no plugin is connected. Returns the fault when it trips the guard. */
  process(
    wet: Stereo | null,
    dry: Stereo,
    out: Stereo,
    gains: { dry: GainBlock; wet: GainBlock },
  ): SlotFault | null {
    this.#delay.process(dry, this.#dry);
    if (this.#failed || !wet || isConstant(gains.wet, 0)) {
      const share = this.#failed || !wet ? null : gains.dry;
      this.#passDry(out, share);
      return null;
    }
    const fault = inspect(wet);
    if (fault) {
      this.#failed = true;
      this.#passDry(out, null);
      return fault;
    }
    mixSlot(wet, this.#dry, out, gains);
    return null;
  }

  #passDry(out: Stereo, gain: GainBlock | null): void {
    for (const c of [0, 1] as const) {
      const from = this.#dry[c];
      const to = out[c];
      for (let i = 0; i < to.length; i++)
        to[i] = gain ? from[i]! * valueAt(gain, i) + 0 : from[i]! + 0;
    }
  }
}

const valueAt = (gain: GainBlock, i: number): number => (gain.length === 1 ? gain[0]! : gain[i]!);

/** Adding 0 at the end turns −0 into 0, so that every way to a result gives the same bits. */
function mixSlot(
  wet: Stereo,
  dry: Stereo,
  out: Stereo,
  gains: { dry: GainBlock; wet: GainBlock },
): void {
  const allWet = isConstant(gains.wet, 1) && isConstant(gains.dry, 0);
  for (const c of [0, 1] as const) {
    const w = wet[c];
    const d = dry[c];
    const o = out[c];
    if (allWet) for (let i = 0; i < o.length; i++) o[i] = w[i]! + 0;
    else {
      for (let i = 0; i < o.length; i++) {
        o[i] = d[i]! * valueAt(gains.dry, i) + w[i]! * valueAt(gains.wet, i) + 0;
      }
    }
  }
}
