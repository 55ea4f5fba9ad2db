import type { SourceClip } from '../processors/clip-source.ts';
import {
  type DestroyMessage,
  SOURCE,
  type SourceMessage,
  type SourceOptions,
  STRIP,
  type StripMessage,
  type StripOptions,
} from '../worklet/messages.ts';
import { ChainLinks } from './chain-links.ts';
import type { RenderClock } from './clock.ts';
import type { Inlet } from './edge.ts';
import { RampedParam } from './ramped-param.ts';

export interface TrackSetup {
  readonly trackId: string;
  readonly clips: readonly SourceClip[];
  readonly gains: { readonly left: number; readonly right: number };
  readonly delayFrames: number;
}

/** Fader, pan, mute and solo move over this time (s). */
const STRIP_SECONDS = 0.03;

const STEREO_OUT: AudioWorkletNodeOptions = {
  numberOfOutputs: 1,
  outputChannelCount: [2],
  channelCount: 2,
  channelCountMode: 'explicit',
};

/** One track: ClipSource → chain → Strip → an input of the master. */
export class TrackGraph {
  readonly trackId: string;
  readonly chain: ChainLinks;
  readonly #clock: RenderClock;
  readonly #source: AudioWorkletNode;
  readonly #strip: AudioWorkletNode;
  readonly #left: RampedParam;
  readonly #right: RampedParam;

  constructor(context: BaseAudioContext, clock: RenderClock, setup: TrackSetup, out: Inlet) {
    this.trackId = setup.trackId;
    this.#clock = clock;
    // A track that appears while audio runs fades in.
    const initial = clock.running() ? { left: 0, right: 0 } : setup.gains;
    this.#source = new AudioWorkletNode(context, SOURCE, {
      numberOfInputs: 0,
      ...STEREO_OUT,
      processorOptions: { clips: setup.clips } satisfies SourceOptions,
    });
    this.#strip = new AudioWorkletNode(context, STRIP, {
      numberOfInputs: 1,
      ...STEREO_OUT,
      parameterData: { ...initial },
      processorOptions: {
        trackId: setup.trackId,
        delayFrames: setup.delayFrames,
      } satisfies StripOptions,
    });
    this.#left = new RampedParam(this.#strip.parameters.get('left') as AudioParam, initial.left);
    this.#right = new RampedParam(this.#strip.parameters.get('right') as AudioParam, initial.right);
    this.chain = new ChainLinks(context, clock, {
      source: this.#source,
      sink: { node: this.#strip, input: 0 },
    });
    this.#strip.connect(out.node, 0, out.input);
    if (clock.running()) this.setGains(setup.gains);
  }

  setClips(clips: readonly SourceClip[]): void {
    this.#source.port.postMessage({ type: 'clips', clips } satisfies SourceMessage);
  }

  setDelay(frames: number): void {
    this.#send({ type: 'delay', frames });
  }

  /** Returns the time (s) at which the strip is there. */
  setGains(gains: { readonly left: number; readonly right: number }): number {
    const moment = this.#clock.moment();
    let there = moment.now;
    for (const [param, value] of [
      [this.#left, gains.left],
      [this.#right, gains.right],
    ] as const) {
      if (param.target === value) continue;
      if (this.#clock.running()) there = param.ramp(value, moment, STRIP_SECONDS);
      else param.set(value, moment.now);
    }
    return there;
  }

  async fadeOut(): Promise<void> {
    await this.#clock.until(this.setGains({ left: 0, right: 0 }));
  }

  /** Ends the track at once; its slots live on, unconnected. */
  dispose(): void {
    this.chain.dispose();
    this.#strip.disconnect();
    this.#source.port.postMessage({ type: 'destroy' } satisfies DestroyMessage);
    this.#send({ type: 'destroy' });
  }

  #send(message: StripMessage): void {
    this.#strip.port.postMessage(message);
  }
}
