import { destroyQuietly, type WamInstance } from '@mixdown/wam-host';
import type { SlotFault } from '../processors/slot-out.ts';
import type {
  DestroyMessage,
  SlotOutMessage,
  SlotOutOptions,
  SlotOutReply,
} from '../worklet/messages.ts';
import { SLOT_OUT } from '../worklet/messages.ts';
import type { Link } from './chain-links.ts';
import type { RenderClock } from './clock.ts';
import { createJunction, Edge, type Inlet } from './edge.ts';
import { RampedParam } from './ramped-param.ts';

/** A mix or bypass is a ramp of this length (s). */
const MIX_SECONDS = 0.02;

export interface SlotSetup {
  readonly pluginId: string;
  readonly latencyFrames: number;
}

/**
 * A slot of a chain: junction → plugin → SlotOut, and junction → SlotOut as the dry way. It passes sound from the
 * moment it is made; a plugin is attached when it is ready, and its absence or failure changes no timing.
 */
export class SlotGraph implements Link {
  readonly id: string;
  readonly inlet: Inlet;
  readonly outlet: AudioWorkletNode;
  readonly latencySeconds: number;
  readonly #context: BaseAudioContext;
  readonly #clock: RenderClock;
  readonly #junction: GainNode;
  readonly #wet: RampedParam;
  readonly #dry: RampedParam;
  #feed: Edge | null = null;
  #instance: WamInstance | null = null;
  #gains = { wet: 0, dry: 1 };
  /** Whether the plugin is mixed in as `#gains` says. */
  #open = false;
  onFault: (fault: SlotFault) => void = () => {};

  constructor(context: BaseAudioContext, clock: RenderClock, setup: SlotSetup) {
    this.id = setup.pluginId;
    this.#context = context;
    this.#clock = clock;
    this.latencySeconds = setup.latencyFrames / context.sampleRate;
    this.#junction = createJunction(context);
    this.outlet = new AudioWorkletNode(context, SLOT_OUT, {
      numberOfInputs: 2,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      channelCount: 2,
      channelCountMode: 'explicit',
      processorOptions: {
        slotId: setup.pluginId,
        latencyFrames: setup.latencyFrames,
      } satisfies SlotOutOptions,
    });
    this.#junction.connect(this.outlet, 0, 1);
    this.inlet = { node: this.#junction, input: 0 };
    this.#wet = new RampedParam(this.outlet.parameters.get('wet') as AudioParam, 0);
    this.#dry = new RampedParam(this.outlet.parameters.get('dry') as AudioParam, 1);
    this.outlet.port.onmessage = ({ data }: MessageEvent<SlotOutReply>) => this.onFault(data.fault);
  }

  get instance(): WamInstance | null {
    return this.#instance;
  }

  /** What the slot is set to: shares of plugin and dry signal, in force while a plugin is attached. */
  setGains(gains: { wet: number; dry: number }): void {
    this.#gains = gains;
    if (this.#open) this.#applyGains(gains);
  }

  /**
   * Connects a plugin: it is fed first, and mixed in once sound has come through it. Resolves when that begins, or
   * when the plugin was given up meanwhile.
   */
  async attach(instance: WamInstance): Promise<void> {
    this.#instance = instance;
    this.#open = false;
    this.#send({ type: 'recover' });
    const running = this.#clock.running();
    const inlet = { node: instance.audioNode, input: 0 };
    const feed = new Edge(this.#context, this.#junction, inlet, running ? 0 : 1);
    this.#feed = feed;
    instance.audioNode.connect(this.outlet, 0, 0);
    if (running) {
      const fed = feed.fade(1, this.#clock.moment());
      await this.#clock.until(fed + this.latencySeconds);
      if (this.#instance !== instance) return;
    }
    this.#open = true;
    this.#applyGains(this.#gains);
  }

  /** Passes dry from the next quantum on, whatever the plugin does: it is broken. */
  fail(): void {
    this.#open = false;
    this.#send({ type: 'fail' });
    this.#applyGains({ wet: 0, dry: 1 });
  }

  /** Fades to dry, then disconnects and destroys the plugin, if there is one. */
  async detach(): Promise<void> {
    const release = this.#takePlugin();
    if (!release) return;
    await this.#clock.until(this.#applyGains({ wet: 0, dry: 1 }));
    release();
  }

  /** Ends the slot; nothing leads into or out of its chain any more. */
  dispose(): void {
    this.#takePlugin()?.();
    this.#junction.disconnect();
    this.outlet.disconnect();
    this.outlet.port.onmessage = null;
    this.#send({ type: 'destroy' });
  }

  /** Gives the plugin up; what is returned disconnects and destroys it, later or at once. */
  #takePlugin(): (() => void) | null {
    const instance = this.#instance;
    const feed = this.#feed;
    this.#instance = null;
    this.#feed = null;
    this.#open = false;
    if (!instance) return null;
    return () => {
      feed?.disconnect();
      destroyQuietly(instance);
    };
  }

  /** Returns the time (s) at which the slot is there. */
  #applyGains(gains: { wet: number; dry: number }): number {
    const moment = this.#clock.moment();
    let there = moment.now;
    for (const [param, value] of [
      [this.#wet, gains.wet],
      [this.#dry, gains.dry],
    ] as const) {
      if (this.#clock.running()) there = param.ramp(value, moment, MIX_SECONDS);
      else param.set(value, moment.now);
    }
    return there;
  }

  #send(message: SlotOutMessage | DestroyMessage): void {
    this.outlet.port.postMessage(message);
  }
}
