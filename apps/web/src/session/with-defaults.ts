import type { CatalogEntry, Operation, ProjectSnapshot } from '@mixdown/contract';
import { defaultParams } from '@mixdown/core';
import type { ProjectState } from './project-state.ts';

type EntryOf = (catalogId: string) => CatalogEntry | undefined;

/** Stored parameters leave out what was never touched; on the page every parameter has a value. */
export const withDefaults = (snapshot: ProjectSnapshot, entryOf: EntryOf): ProjectSnapshot => ({
  ...snapshot,
  plugins: snapshot.plugins.map((slot) => {
    const entry = entryOf(slot.catalogId);
    return entry ? { ...slot, params: { ...defaultParams(entry), ...slot.params } } : slot;
  }),
});

/** The same for the one plugin that an operation has added. */
export function fillDefaults(state: ProjectState, op: Operation, entryOf: EntryOf): ProjectState {
  if (op.kind !== 'plugin.add') return state;
  const slot = state.plugins[op.payload.plugin.id];
  const entry = slot && entryOf(slot.catalogId);
  if (!slot || !entry) return state;
  const params = { ...defaultParams(entry), ...slot.params };
  return { ...state, plugins: { ...state.plugins, [slot.id]: { ...slot, params } } };
}
