import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { IntegerDelay } from './integer-delay.ts';
import { Meter } from './meter.ts';
import type { GainBlock } from './slot-out.ts';

/**
 * A track's channel strip: delay compensation (whole frames), one gain per side (fader, pan, mute and solo in
 * one, as `stripGains` of the core package gives them), meter.
 */
export class Strip {
  readonly #delay: IntegerDelay;
  readonly #delayed: Stereo = createStereo(QUANTUM);
  readonly meter = new Meter();

  /** `history`: frames that the delay may grow to later without a gap. */
  constructor(delayFrames: number, history = 0) {
    this.#delay = new IntegerDelay(delayFrames, history);
  }

  setDelay(frames: number): void {
    this.#delay.setFrames(frames);
  }

  reset(): void {
    this.#delay.reset();
  }

  /** One quantum. Adding 0 turns −0 into 0, so that leaving a silent track out of a sum changes no bit. */
  process(input: Stereo, out: Stereo, gains: { left: GainBlock; right: GainBlock }): void {
    this.#delay.process(input, this.#delayed);
    applyGain(this.#delayed[0], out[0], gains.left);
    applyGain(this.#delayed[1], out[1], gains.right);
  }
}

function applyGain(from: Float32Array, to: Float32Array, gain: GainBlock): void {
  if (gain.length === 1) {
    const g = gain[0]!;
    for (let i = 0; i < to.length; i++) to[i] = from[i]! * g + 0;
  } else {
    for (let i = 0; i < to.length; i++) to[i] = from[i]! * gain[i]! + 0;
  }
}
