import type { ParamValues, PluginFailure } from '@mixdown/contract';
import {
  describeFailure,
  destroyQuietly,
  loadPlugin,
  onProcessorError,
  type WamInstance,
} from '@mixdown/wam-host';
import type { RenderClock } from '../graph/clock.ts';
import { RampedParam } from '../graph/ramped-param.ts';
import { SlotGraph } from '../graph/slot-graph.ts';
import { type PlanSlot, slotGains } from '../plan.ts';
import type { SlotFault } from '../processors/slot-out.ts';
import { mergeChanged } from './merge-changed.ts';
import type { SlotStatus } from './types.ts';

/** One and a half frames of the 25 Hz in which values arrive: no zipper noise under jitter. */
const PARAM_SECONDS = 0.06;

/** Runs one task after another: instance ids of plugins come from the clock. */
export type RunInTurn = (task: () => Promise<void>) => Promise<void>;

export interface LiveSlotHost {
  readonly context: BaseAudioContext;
  readonly clock: RenderClock;
  readonly runInTurn: RunInTurn;
  onStatus(pluginId: string, status: SlotStatus): void;
}

/** What a snapshot says of a slot that can change without rebuilding it. */
interface Settings {
  readonly bypassed: boolean;
  readonly mix: number;
}

/** Tells slots apart that need another plugin: replacing one in place is a new slot. */
export const slotKey = (slot: PlanSlot): string =>
  `${slot.pluginId} ${slot.catalogId}@${slot.version} ${slot.entry ? 'known' : 'unknown'}`;

/** A slot of a live chain: its graph, the plugin in it, and what the plugin is set to. */
export class LiveSlot {
  readonly graph: SlotGraph;
  readonly #host: LiveSlotHost;
  #plan: PlanSlot;
  #settings: Settings;
  #params: ParamValues;
  #live = new Map<string, RampedParam>();
  #stopListening: () => void = () => {};
  /** Grows with every load, so that one that was overtaken knows. */
  #load = 0;
  #status: SlotStatus = { state: 'loading' };

  constructor(host: LiveSlotHost, plan: PlanSlot) {
    this.#host = host;
    this.#plan = plan;
    this.#settings = { bypassed: plan.bypassed, mix: plan.mix };
    this.#params = { ...plan.params };
    this.graph = new SlotGraph(host.context, host.clock, {
      pluginId: slotKey(plan),
      latencyFrames: plan.latencyFrames,
    });
    this.graph.onFault = (fault) => this.#crash(fault, FAULTS[fault]);
    this.#applySettings();
    void this.#start();
  }

  get latencyFrames(): number {
    return this.#plan.latencyFrames;
  }

  /** Takes what has changed since the last snapshot. */
  update(plan: PlanSlot): void {
    const before = this.#plan;
    this.#plan = plan;
    this.#settings = mergeChanged<Settings>(
      { bypassed: before.bypassed, mix: before.mix },
      { bypassed: plan.bypassed, mix: plan.mix },
      this.#settings,
    );
    this.#applySettings();
    for (const [id, value] of Object.entries(plan.params)) {
      if (value !== before.params[id]) this.setParam(id, value);
    }
  }

  setBypassed(bypassed: boolean): void {
    this.#settings = { ...this.#settings, bypassed };
    this.#applySettings();
  }

  setMix(mix: number): void {
    this.#settings = { ...this.#settings, mix: Math.min(1, Math.max(0, mix)) };
    this.#applySettings();
  }

  /** In real units, held to the parameter's range. Continuous values ramp, switches and choices jump. */
  setParam(id: string, value: number): void {
    const overlay = this.#plan.entry?.parameters.find((p) => p.id === id);
    if (!overlay || !Number.isFinite(value)) return;
    const held = Math.fround(Math.min(overlay.max, Math.max(overlay.min, value)));
    this.#params[id] = held;
    const param = this.#live.get(id);
    if (!param || param.target === held) return;
    const moment = this.#host.clock.moment();
    if (overlay.kind === 'continuous' && this.#host.clock.running()) {
      param.ramp(held, moment, PARAM_SECONDS);
    } else param.set(held, moment.now);
  }

  /** Clears the plugin's memory at a context frame. */
  resetAt(frame: number): void {
    this.graph.instance?.audioNode.port.postMessage({ type: 'reset', atFrame: frame });
  }

  /** Loads anew after a failure. */
  retry(): void {
    if (['failed', 'crashed', 'blocked'].includes(this.#status.state)) void this.#start();
  }

  /** Ends the slot, which nothing is connected to any more. */
  dispose(): void {
    this.#load++;
    this.#stopListening();
    this.graph.dispose();
  }

  async #start(): Promise<void> {
    const { entry } = this.#plan;
    if (!entry) {
      const { title, detail } = describeFailure('not_found', null);
      this.#report({ state: 'missing', failure: 'not_found', title, detail });
      return;
    }
    const load = ++this.#load;
    this.#report({ state: 'loading' });
    await this.graph.detach();
    await this.#host.runInTurn(async () => {
      if (load !== this.#load) return;
      const begun = performance.now();
      const params = { ...this.#params };
      const result = await loadPlugin({
        context: this.#host.context,
        entry,
        params,
        state: this.#plan.state,
        hostGroupId: 'mixdown',
      });
      if (load !== this.#load) {
        if (result.ok) destroyQuietly(result.instance);
      } else if (result.ok) {
        void this.#attach(result.instance, params, performance.now() - begun);
      } else this.#fail(result.failure, result.detail);
    });
  }

  async #attach(instance: WamInstance, params: ParamValues, loadMs: number): Promise<void> {
    const node = instance.audioNode;
    const live = new Map<string, RampedParam>();
    // By the iterator, not by `get(name)`: see installProcessorErrorHook.
    node.parameters.forEach((param, id) => {
      live.set(id, new RampedParam(param, params[id] ?? param.value));
    });
    this.#live = live;
    for (const [id, value] of Object.entries(this.#params)) this.setParam(id, value);
    const attached = this.graph.attach(instance);
    this.#stopListening = onProcessorError(node, (detail) =>
      this.#crash('processor_error', detail),
    );
    await attached;
    if (this.graph.instance !== instance) return;
    this.#report({ state: this.#settings.bypassed ? 'bypassed' : 'active', loadMs });
  }

  #crash(failure: PluginFailure, detail: string): void {
    if (!this.graph.instance) return;
    this.#stopListening();
    this.#live = new Map();
    this.graph.fail();
    void this.graph.detach();
    this.#reportFailure('crashed', failure, detail);
  }

  #fail(failure: PluginFailure, detail: string): void {
    this.#reportFailure(failure === 'blocked_by_policy' ? 'blocked' : 'failed', failure, detail);
  }

  #reportFailure(
    state: 'failed' | 'crashed' | 'blocked',
    failure: PluginFailure,
    reason: string,
  ): void {
    const text = describeFailure(failure, this.#plan.entry);
    this.#report({ state, failure, title: text.title, detail: `${text.detail} (${reason})` });
  }

  #applySettings(): void {
    this.graph.setGains(slotGains({ ...this.#settings, entry: this.#plan.entry }));
    const { state } = this.#status;
    if (state !== 'active' && state !== 'bypassed') return;
    const next = this.#settings.bypassed ? 'bypassed' : 'active';
    if (next !== state) this.#report({ ...this.#status, state: next });
  }

  #report(status: SlotStatus): void {
    this.#status = status;
    this.#host.onStatus(this.#plan.pluginId, status);
  }
}

const FAULTS: Readonly<Record<SlotFault, string>> = {
  non_finite: 'Its output was not a number.',
  runaway: 'Its output was louder than +60 dBFS.',
};
