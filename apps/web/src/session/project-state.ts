import type {
  Asset,
  Clip,
  PluginSlot,
  Project,
  ProjectRole,
  ProjectSnapshot,
  Track,
} from '@mixdown/contract';

type ById<T> = Readonly<Record<string, T>>;

/** A project as the page holds it: each row once, by id; orders apart from the rows. */
export interface ProjectState {
  readonly project: Project;
  readonly role: ProjectRole;
  /** Track ids from top to bottom. */
  readonly trackOrder: readonly string[];
  readonly tracks: ById<Track>;
  readonly clips: ById<Clip>;
  readonly assets: ById<Asset>;
  readonly plugins: ById<PluginSlot>;
  /** Plugin ids in signal order, for every track. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
}

const byId = <T extends { id: string }>(rows: readonly T[]): Record<string, T> =>
  Object.fromEntries(rows.map((row) => [row.id, row]));

const byPosition = <T extends { id: string; position: number }>(rows: readonly T[]): string[] =>
  [...rows].sort((a, b) => a.position - b.position).map((row) => row.id);

export function normalise(snapshot: ProjectSnapshot): ProjectState {
  return {
    project: snapshot.project,
    role: snapshot.role,
    trackOrder: byPosition(snapshot.tracks),
    tracks: byId(snapshot.tracks),
    clips: byId(snapshot.clips),
    assets: byId(snapshot.assets),
    plugins: byId(snapshot.plugins),
    chains: Object.fromEntries(
      snapshot.tracks.map((track) => [
        track.id,
        byPosition(snapshot.plugins.filter((plugin) => plugin.trackId === track.id)),
      ]),
    ),
  };
}

/** The reverse of `normalise`, with positions that follow the orders: what the engine is built from. */
export function toSnapshot(state: ProjectState): ProjectSnapshot {
  const tracks: Track[] = [];
  const plugins: PluginSlot[] = [];
  state.trackOrder.forEach((trackId, position) => {
    const track = state.tracks[trackId];
    if (!track) return;
    tracks.push({ ...track, position });
    (state.chains[trackId] ?? []).forEach((pluginId, at) => {
      const plugin = state.plugins[pluginId];
      if (plugin) plugins.push({ ...plugin, trackId, position: at });
    });
  });
  return {
    project: state.project,
    role: state.role,
    tracks,
    clips: Object.values(state.clips),
    assets: Object.values(state.assets),
    plugins,
  };
}
