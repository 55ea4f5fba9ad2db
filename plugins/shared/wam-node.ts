import type { WamNode } from '@webaudiomodules/api/src/types.js';
import { createParameterInfo, type ParameterInfo } from './parameter-info.ts';
import type { PluginSpec } from './plugin-spec.ts';

/** What a plugin's state is: its parameters in real units. Ids that it does not know and numbers out of range are not taken over. */
export interface PluginState {
  params: Record<string, number>;
}

interface ParameterData {
  id: string;
  value: number;
  normalized: boolean;
}

/** The events of WAM 2; of these an effect without a MIDI input acts on `wam-automation` alone. */
interface WamEvent {
  type: string;
  data: unknown;
  /** Context time in seconds; none = now. */
  time?: number;
}

interface OwnerModule {
  readonly groupId: string;
  readonly moduleId: string;
  readonly instanceId: string;
  readonly audioContext: BaseAudioContext;
}

const isParameterData = (data: unknown): data is ParameterData =>
  typeof data === 'object' &&
  data !== null &&
  typeof (data as ParameterData).id === 'string' &&
  Number.isFinite((data as ParameterData).value);

/** Only what the plugin knows, clamped to its ranges: states come from files and other people. */
function cleanParams(spec: PluginSpec, params: unknown): Record<string, number> {
  const clean: Record<string, number> = {};
  if (typeof params !== 'object' || params === null) return clean;
  for (const p of spec.parameters) {
    const value = (params as Record<string, unknown>)[p.id];
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    clean[p.id] = Math.min(p.max, Math.max(p.min, value));
  }
  return clean;
}

/** Checked against the published interface; that types listeners more narrowly than the DOM does. */
type Interface = Omit<WamNode, 'module' | 'addEventListener' | 'removeEventListener'>;

/**
 * The node of one instance. The class is made on first use, because a host replaces `AudioWorkletNode` by one that
 * reports processor errors, and a module may be imported where there is no Web Audio at all.
 */
function defineNode() {
  return class PluginWamNode extends AudioWorkletNode implements Interface {
    readonly module: OwnerModule;
    readonly groupId: string;
    readonly moduleId: string;
    readonly instanceId: string;
    readonly #spec: PluginSpec;
    readonly #infos: ReadonlyMap<string, ParameterInfo>;
    readonly #timers = new Set<ReturnType<typeof setTimeout>>();

    constructor(
      module: OwnerModule,
      spec: PluginSpec,
      wasmBytes: ArrayBuffer,
      state: Partial<PluginState> | undefined,
    ) {
      super(module.audioContext, `${spec.id}@${spec.version}`, {
        numberOfInputs: 1,
        numberOfOutputs: 1,
        outputChannelCount: [2],
        channelCount: 2,
        channelCountMode: 'explicit',
        channelInterpretation: 'speakers',
        parameterData: cleanParams(spec, state?.params),
        processorOptions: { wasmBytes },
      });
      this.module = module;
      this.groupId = module.groupId;
      this.moduleId = module.moduleId;
      this.instanceId = module.instanceId;
      this.#spec = spec;
      this.#infos = new Map(spec.parameters.map((p) => [p.id, createParameterInfo(p)]));
    }

    #ids(asked: readonly string[]): string[] {
      return (asked.length ? asked : [...this.#infos.keys()]).filter((id) => this.#infos.has(id));
    }

    async getParameterInfo(...ids: string[]): Promise<Record<string, ParameterInfo>> {
      return Object.fromEntries(
        this.#ids(ids).map((id) => [id, this.#infos.get(id) as ParameterInfo]),
      );
    }

    async getParameterValues(
      normalized = false,
      ...ids: string[]
    ): Promise<Record<string, ParameterData>> {
      return Object.fromEntries(
        this.#ids(ids).map((id) => {
          const value = this.parameters.get(id)?.value ?? 0;
          const info = this.#infos.get(id) as ParameterInfo;
          return [id, { id, value: normalized ? info.normalize(value) : value, normalized }];
        }),
      );
    }

    async setParameterValues(values: Record<string, ParameterData>): Promise<void> {
      for (const data of Object.values(values)) {
        if (isParameterData(data)) this.#apply(data, undefined);
      }
    }

    async getState(): Promise<PluginState> {
      const params = this.#spec.parameters.map((p) => [p.id, this.parameters.get(p.id)?.value]);
      return { params: Object.fromEntries(params) };
    }

    async setState(state: Partial<PluginState> | undefined): Promise<void> {
      for (const [id, value] of Object.entries(cleanParams(this.#spec, state?.params))) {
        this.#apply({ id, value, normalized: false }, undefined);
      }
    }

    /** In samples at the context's rate, as measured when the plugin was certified. */
    async getCompensationDelay(): Promise<number> {
      return this.#spec.latencyFrames[String(this.context.sampleRate)] ?? 0;
    }

    scheduleEvents(...events: WamEvent[]): void {
      for (const event of events) {
        if (event.type === 'wam-automation' && isParameterData(event.data)) {
          this.#apply(event.data, event.time);
        }
        this.#announce(event);
      }
    }

    clearEvents(): void {
      for (const timer of this.#timers) clearTimeout(timer);
      this.#timers.clear();
      const now = this.context.currentTime;
      for (const id of this.#infos.keys()) this.parameters.get(id)?.cancelScheduledValues(now);
    }

    /** An effect sends no events. */
    connectEvents(_toId: string, _output?: number): void {}
    disconnectEvents(_toId?: string, _output?: number): void {}

    destroy(): void {
      this.clearEvents();
      this.port.postMessage({ type: 'destroy' });
      this.disconnect();
    }

    #apply({ id, value, normalized }: ParameterData, time: number | undefined): void {
      const param = this.parameters.get(id);
      const info = this.#infos.get(id);
      if (!param || !info) return;
      const wanted = normalized ? info.denormalize(value) : value;
      const real = Math.min(info.maxValue, Math.max(info.minValue, wanted));
      if (time !== undefined && time > this.context.currentTime) {
        param.setValueAtTime(real, time);
        return;
      }
      param.cancelScheduledValues(0);
      param.value = real;
    }

    /** Listeners hear of an event when its time has come. */
    #announce(event: WamEvent): void {
      const tell = () => this.dispatchEvent(new CustomEvent(event.type, { detail: event }));
      const wait = (event.time ?? 0) - this.context.currentTime;
      if (wait <= 0) {
        tell();
        return;
      }
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        tell();
      }, wait * 1000);
      this.#timers.add(timer);
    }
  };
}

type NodeClass = ReturnType<typeof defineNode>;
export type PluginWamNode = InstanceType<NodeClass>;

let NodeClass: NodeClass | undefined;

/** Makes an instance's node; `state` reaches the processor before its first quantum. */
export function createWamNode(
  module: OwnerModule,
  spec: PluginSpec,
  wasmBytes: ArrayBuffer,
  state: Partial<PluginState> | undefined,
): PluginWamNode {
  NodeClass ??= defineNode();
  return new NodeClass(module, spec, wasmBytes, state);
}
