import { type Moment, RampedParam } from './ramped-param.ts';

/** Seconds over which signals are exchanged when the graph changes under them. */
export const CROSSFADE_SECONDS = 0.015;

/** Where a connection ends: a node and one of its inputs. */
export interface Inlet {
  readonly node: AudioNode;
  readonly input: number;
}

/** A stereo GainNode that passes its input bit for bit at gain 1. */
export const createJunction = (context: BaseAudioContext, gain = 1): GainNode =>
  new GainNode(context, { gain, channelCount: 2, channelCountMode: 'explicit' });

/** A connection that can be faded: from a node's first output through a gain into an inlet. */
export class Edge {
  readonly #from: AudioNode;
  readonly #junction: GainNode;
  readonly #gain: RampedParam;
  #connected = true;

  constructor(context: BaseAudioContext, from: AudioNode, to: Inlet, gain: 0 | 1) {
    this.#from = from;
    this.#junction = createJunction(context, gain);
    this.#gain = new RampedParam(this.#junction.gain, gain);
    from.connect(this.#junction);
    this.#junction.connect(to.node, 0, to.input);
  }

  /** Returns the time (s) at which the fade is over. */
  fade(gain: 0 | 1, moment: Moment): number {
    return this.#gain.ramp(gain, moment, CROSSFADE_SECONDS);
  }

  set(gain: 0 | 1, now: number): void {
    this.#gain.set(gain, now);
  }

  disconnect(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#from.disconnect(this.#junction);
    this.#junction.disconnect();
  }
}
