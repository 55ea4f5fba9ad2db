import type { ParamValues } from '@mixdown/contract';
import type { EnginePort } from './engine/engine-port.ts';
import { type ProjectState, toSnapshot } from './project-state.ts';
import type { ParamStore } from './stores/param-store.ts';

/** Values have reached the engine by then; what else follows from them (latencies) may wait this long, in ms. */
const RECONCILE_MS = 200;

export interface PublisherDeps {
  readonly engine: EnginePort;
  readonly params: ParamStore;
  onState(state: ProjectState): void;
  setTimer(run: () => void, ms: number): () => void;
}

/** Brings screen, parameter store and engine to the visible state. */
export function createPublisher(deps: PublisherDeps, visible: () => ProjectState) {
  let cancelReconcile: (() => void) | null = null;
  function reconcile(): void {
    cancelReconcile?.();
    cancelReconcile = null;
    deps.engine.reconcile(toSnapshot(visible()));
  }
  function showValues(pluginId: string, values: ParamValues): void {
    for (const id of deps.params.setAll(pluginId, values))
      deps.engine.setParam(pluginId, id, values[id] as number);
  }
  return {
    publish(): void {
      const state = visible();
      for (const slot of Object.values(state.plugins)) showValues(slot.id, slot.params);
      deps.onState(state);
      reconcile();
    },
    /** The same where nothing but one plugin's values has changed, which may be forty times a second. */
    publishValues(pluginId: string): void {
      const state = visible();
      const slot = state.plugins[pluginId];
      if (slot) showValues(pluginId, slot.params);
      deps.onState(state);
      cancelReconcile ??= deps.setTimer(reconcile, RECONCILE_MS);
    },
    /** Of these parameters what stands on them now, to knobs and engine alone. */
    showParams(pluginId: string, paramIds: readonly string[]): void {
      const shown = visible().plugins[pluginId]?.params;
      if (!shown) return;
      const known = paramIds.filter((id) => shown[id] !== undefined);
      showValues(pluginId, Object.fromEntries(known.map((id) => [id, shown[id] as number])));
    },
    close: () => cancelReconcile?.(),
  };
}
