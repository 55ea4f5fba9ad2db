import type { ParamValues } from '@mixdown/contract';
import { applyEdit } from './edits/apply.ts';
import type { Edit } from './edits/edit.ts';
import type { ProjectState } from './project-state.ts';

export interface Layers {
  /** Edits that the durable state does not have yet, in the order in which they were made. */
  pending(): readonly Edit[];
  /** Values under somebody's hand by plugin, ours and others', ahead of the durable ones. */
  live(): ReadonlyMap<string, ParamValues>;
  /** The latest values under this hand: they stay, whatever else arrives. */
  held(): readonly Edit[];
}

const sameValues = (a: ParamValues, b: ParamValues): boolean =>
  Object.entries(a).every(([id, value]) => b[id] === value);

function withLive(state: ProjectState, live: ReadonlyMap<string, ParamValues>): ProjectState {
  const plugins = { ...state.plugins };
  let changed = false;
  for (const [pluginId, values] of live) {
    const slot = plugins[pluginId];
    if (!slot || sameValues(values, slot.params)) continue;
    plugins[pluginId] = { ...slot, params: { ...slot.params, ...values } };
    changed = true;
  }
  return changed ? { ...state, plugins } : state;
}

/**
 * What is durable (base) and what stands on the screen: base, then every edit on its way, then the values under
 * somebody's hand. The visible state is always computed from these layers, so that a refused edit is gone without a
 * trace, later edits survive, and nothing of the screen ever leaks into what is durable.
 */
export function createDocument(initial: ProjectState, layers: Layers) {
  let base = initial;
  let visible: ProjectState | null = initial;

  const compute = (): ProjectState =>
    layers
      .held()
      .reduce(applyEdit, withLive(layers.pending().reduce(applyEdit, base), layers.live()));

  return {
    visible(): ProjectState {
      visible ??= compute();
      return visible;
    },
    base: () => base,
    /** A new edit on top of everything: cheaper than computing all layers, with the same result. */
    perform(edit: Edit): ProjectState {
      visible = applyEdit(visible ?? compute(), edit);
      return visible;
    },
    /** One of the layers has changed. */
    refresh(): void {
      visible = null;
    },
    /** The durable state moves on. */
    advance(next: (base: ProjectState) => ProjectState): void {
      base = next(base);
      visible = null;
    },
    /** Assets come to be on the server alone, by an upload. */
    addAssets(assets: readonly ProjectState['assets'][string][]): ProjectState {
      const added = Object.fromEntries(assets.map((asset) => [asset.id, asset]));
      base = { ...base, assets: { ...base.assets, ...added } };
      const shown = visible ?? compute();
      visible = { ...shown, assets: { ...shown.assets, ...added } };
      return visible;
    },
  };
}
export type ProjectDocument = ReturnType<typeof createDocument>;
