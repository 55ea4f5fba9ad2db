import type { Operation, ProjectSnapshot } from '@mixdown/contract';
import type { ProjectState } from '../project-state.ts';

/** Whether the operation speaks of something that only a snapshot holds. */
export function isIncomplete(op: Operation, state: ProjectState): boolean {
  switch (op.kind) {
    case 'clip.add':
      return state.assets[op.payload.clip.assetId] === undefined;
    case 'plugin.add':
      return op.payload.plugin.hasState;
    case 'plugin.update':
      return op.payload.stateChanged === true;
    default:
      return false;
  }
}

/** The state with the plugins' opaque states as a snapshot has them. */
export function withOpaqueStates(state: ProjectState, snapshot: ProjectSnapshot): ProjectState {
  const known = new Map(snapshot.plugins.map((slot) => [slot.id, slot.state]));
  const plugins = Object.entries(state.plugins).map(([id, slot]) => {
    const opaque = known.get(id);
    return [id, opaque === undefined || opaque === slot.state ? slot : { ...slot, state: opaque }];
  });
  return { ...state, plugins: Object.fromEntries(plugins) };
}
