import {
  type Catalog,
  type ChainOrder,
  type Clip,
  MAX_CHAIN,
  type Operation,
  type OperationRequest,
  type ParamValues,
  type PluginSlot,
  type Project,
  type ProjectRole,
  type ProjectSnapshot,
  refuse,
  type Track,
} from '@mixdown/contract';
import { checkParams, defaultParams, insertAt, moveTo, removeFrom } from '@mixdown/core';
import type { z } from 'zod';

type Logged = Pick<Operation, 'kind' | 'payload'>;
type Chain = z.infer<typeof ChainOrder>;
const AT = '2026-01-25T00:00:00.000Z';

export interface MemoryProjectStart {
  readonly project: Project;
  readonly tracks: readonly Track[];
  readonly clips: readonly Clip[];
  readonly plugins: readonly PluginSlot[];
}

/** A project's rows, and the edits that the HTTP endpoints and the socket make to them. Refuses as those do. */
export function createMemoryProject(catalog: Catalog, start: MemoryProjectStart) {
  let project = { ...start.project };
  let trackOrder = start.tracks.map(({ id }) => id);
  const tracks = new Map(start.tracks.map((track) => [track.id, { ...track }]));
  const clips = new Map(start.clips.map((clip) => [clip.id, { ...clip }]));
  const plugins = new Map(start.plugins.map((plugin) => [plugin.id, { ...plugin }]));
  const chains = new Map<string, string[]>();
  for (const { id } of start.tracks) {
    const own = start.plugins.filter(({ trackId }) => trackId === id);
    chains.set(
      id,
      own.sort((a, b) => a.position - b.position).map((plugin) => plugin.id),
    );
  }

  const missing = (what: string) =>
    refuse('not_found', `There is no such ${what} in this project.`);
  const pluginOf = (id: string) => {
    const plugin = plugins.get(id);
    if (!plugin) throw missing('plugin');
    return plugin;
  };
  const trackOf = (id: string) => {
    const track = tracks.get(id);
    if (!track) throw missing('track');
    return track;
  };
  const clipOf = (id: string) => {
    const clip = clips.get(id);
    if (!clip) throw missing('clip');
    return clip;
  };
  const chainOf = (trackId: string): string[] => {
    const chain = chains.get(trackId);
    if (!chain) throw refuse('track_not_in_project', `The project has no track ${trackId}.`);
    return chain;
  };
  const checkPosition = (position: number, last: number) => {
    if (position > last)
      throw refuse('position_out_of_range', `It takes 0 to ${last}, not ${position}.`);
  };
  const check = (catalogId: string, params: ParamValues | undefined) => {
    const entry = catalog.entries.find(({ id }) => id === catalogId);
    if (!entry) throw refuse('unknown_plugin', `The catalog has no plugin "${catalogId}".`);
    const refusal = checkParams(entry, params ?? {});
    if (refusal) throw refuse(refusal.code, refusal.detail, refusal);
    return entry;
  };
  const named = <T extends object>(patch: T) =>
    Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T;

  function slot(plugin: PluginSlot): PluginSlot {
    return { ...plugin, position: chainOf(plugin.trackId).indexOf(plugin.id) };
  }
  function track(id: string): Track {
    return { ...trackOf(id), position: trackOrder.indexOf(id) };
  }

  function addPlugin(
    payload: Extract<OperationRequest, { kind: 'plugin.add' }>['payload'],
  ): Logged | null {
    if (plugins.has(payload.id)) return null;
    const entry = check(payload.catalogId, payload.params);
    const chain = chainOf(payload.trackId);
    if (chain.length >= MAX_CHAIN) throw refuse('chain_full', 'The chain is full.');
    checkPosition(payload.position ?? 0, chain.length);
    const pluginIds = insertAt(chain, payload.id, payload.position);
    chains.set(payload.trackId, pluginIds);
    const plugin: PluginSlot = {
      id: payload.id,
      projectId: project.id,
      trackId: payload.trackId,
      position: 0,
      catalogId: entry.id,
      version: entry.version,
      integrity: entry.integrity,
      params: { ...defaultParams(entry), ...payload.params },
      state: null,
      bypassed: payload.bypassed ?? false,
      mix: payload.mix ?? entry.defaultMix ?? 1,
      fence: 0,
      createdAt: AT,
      updatedAt: AT,
    };
    plugins.set(plugin.id, plugin);
    const { state: _, ...logged } = slot(plugin);
    return {
      kind: 'plugin.add',
      payload: {
        plugin: { ...logged, hasState: false },
        chains: [{ trackId: payload.trackId, pluginIds }],
      },
    };
  }

  function movePlugin(id: string, position: number, to: string | undefined): Logged {
    const plugin = pluginOf(id);
    const from = chainOf(plugin.trackId);
    const trackId = to ?? plugin.trackId;
    const touched: Chain[] = [];
    if (trackId === plugin.trackId) {
      checkPosition(position, from.length - 1);
      touched.push({ trackId, pluginIds: moveTo(from, id, position) });
    } else {
      const target = chainOf(trackId);
      if (target.length >= MAX_CHAIN) throw refuse('chain_full', 'The chain is full.');
      checkPosition(position, target.length);
      touched.push({ trackId, pluginIds: insertAt(target, id, position) });
      touched.push({ trackId: plugin.trackId, pluginIds: removeFrom(from, id) });
    }
    for (const chain of touched) chains.set(chain.trackId, chain.pluginIds);
    plugin.trackId = trackId;
    return { kind: 'plugin.move', payload: { pluginId: id, trackId, position, chains: touched } };
  }

  function removePlugin(id: string): Logged {
    const { trackId } = pluginOf(id);
    const pluginIds = removeFrom(chainOf(trackId), id);
    chains.set(trackId, pluginIds);
    plugins.delete(id);
    return {
      kind: 'plugin.remove',
      payload: { pluginId: id, trackId, chains: [{ trackId, pluginIds }] },
    };
  }

  function updatePlugin(
    payload: Extract<OperationRequest, { kind: 'plugin.update' }>['payload'],
  ): Logged | null {
    const { pluginId, fence, state, ...change } = payload;
    const plugin = pluginOf(pluginId);
    if (fence !== undefined && fence !== plugin.fence)
      throw refuse('stale_fence', 'The lock has changed hands since; read the plugin again.');
    if (change.params || state !== undefined) check(plugin.catalogId, change.params);
    const patch = named(change);
    const { params, ...rest } = patch;
    if (Object.keys(patch).length === 0 && state === undefined) return null;
    Object.assign(plugin, rest);
    if (params) plugin.params = { ...plugin.params, ...params };
    if (state !== undefined) plugin.state = state;
    if (params && Object.keys(rest).length === 0 && state === undefined)
      return { kind: 'plugin.params', payload: { pluginId, patch: { params } } };
    return {
      kind: 'plugin.update',
      payload: { pluginId, patch, ...(state !== undefined && { stateChanged: true }) },
    };
  }

  function addTrack(
    payload: Extract<OperationRequest, { kind: 'track.add' }>['payload'],
  ): Logged | null {
    if (tracks.has(payload.id)) return null;
    checkPosition(payload.position ?? 0, trackOrder.length);
    trackOrder = insertAt(trackOrder, payload.id, payload.position);
    tracks.set(payload.id, {
      id: payload.id,
      projectId: project.id,
      name: payload.name ?? `Track ${trackOrder.length}`,
      position: 0,
      color: payload.color ?? 'slate',
      gainDb: 0,
      pan: 0,
      muted: false,
      soloed: false,
    });
    chains.set(payload.id, []);
    return {
      kind: 'track.add',
      payload: { track: track(payload.id), order: trackOrder },
    };
  }

  function updateTrack(
    payload: Extract<OperationRequest, { kind: 'track.update' }>['payload'],
  ): Logged | null {
    const { trackId, position, ...change } = payload;
    const row = trackOf(trackId);
    const patch = named(change);
    if (position === undefined && Object.keys(patch).length === 0) return null;
    if (position !== undefined) {
      checkPosition(position, trackOrder.length - 1);
      trackOrder = moveTo(trackOrder, trackId, position);
    }
    Object.assign(row, patch);
    return {
      kind: 'track.update',
      payload: { trackId, patch, ...(position !== undefined && { order: trackOrder }) },
    };
  }

  function removeTrack(trackId: string): Logged {
    trackOf(trackId);
    for (const id of chainOf(trackId)) plugins.delete(id);
    for (const clip of [...clips.values()]) if (clip.trackId === trackId) clips.delete(clip.id);
    chains.delete(trackId);
    tracks.delete(trackId);
    trackOrder = removeFrom(trackOrder, trackId);
    return { kind: 'track.remove', payload: { trackId, order: trackOrder } };
  }

  function addClip(
    payload: Extract<OperationRequest, { kind: 'clip.add' }>['payload'],
  ): Logged | null {
    if (clips.has(payload.id)) return null;
    chainOf(payload.trackId);
    const clip: Clip = {
      id: payload.id,
      projectId: project.id,
      trackId: payload.trackId,
      assetId: payload.assetId,
      startFrame: payload.startFrame,
      offsetFrames: payload.offsetFrames ?? 0,
      lengthFrames: payload.lengthFrames ?? 48_000,
      gainDb: payload.gainDb ?? 0,
    };
    clips.set(clip.id, clip);
    return { kind: 'clip.add', payload: { clip: { ...clip } } };
  }

  return {
    id: project.id,
    seq: () => project.seq,
    epoch: () => project.epoch,
    nextSeq(): number {
      project = { ...project, seq: project.seq + 1 };
      return project.seq;
    },
    plugin: (id: string) => plugins.get(id),
    /** Plugins that this edit needs nobody else to hold. */
    guarded(request: OperationRequest): readonly string[] {
      if (request.kind === 'plugin.update' || request.kind === 'plugin.remove')
        return [request.payload.pluginId];
      return request.kind === 'track.remove' ? (chains.get(request.payload.trackId) ?? []) : [];
    },
    /** Makes the edit and returns what the log says of it; null where there was nothing to do. */
    edit(request: OperationRequest): Logged | null {
      switch (request.kind) {
        case 'project.update':
          project = { ...project, ...named(request.payload) } as Project;
          return { kind: 'project.update', payload: { patch: request.payload } };
        case 'track.add':
          return addTrack(request.payload);
        case 'track.update':
          return updateTrack(request.payload);
        case 'track.remove':
          return removeTrack(request.payload.trackId);
        case 'clip.add':
          return addClip(request.payload);
        case 'clip.update': {
          const { clipId, ...patch } = request.payload;
          Object.assign(clipOf(clipId), named(patch));
          return { kind: 'clip.update', payload: { clipId, patch } };
        }
        case 'clip.remove': {
          const { trackId } = clipOf(request.payload.clipId);
          clips.delete(request.payload.clipId);
          return { kind: 'clip.remove', payload: { clipId: request.payload.clipId, trackId } };
        }
        case 'plugin.add':
          return addPlugin(request.payload);
        case 'plugin.update':
          return updatePlugin(request.payload);
        case 'plugin.move':
          return movePlugin(
            request.payload.pluginId,
            request.payload.position,
            request.payload.trackId,
          );
        case 'plugin.remove':
          return removePlugin(request.payload.pluginId);
      }
    },
    snapshot(role: ProjectRole): ProjectSnapshot {
      const byPlace = (a: PluginSlot, b: PluginSlot) =>
        a.trackId < b.trackId ? -1 : a.trackId > b.trackId ? 1 : a.position - b.position;
      const byStart = (a: Clip, b: Clip) =>
        a.trackId === b.trackId
          ? a.startFrame - b.startFrame || (a.id < b.id ? -1 : 1)
          : a.trackId < b.trackId
            ? -1
            : 1;
      return structuredClone({
        project,
        role,
        tracks: trackOrder.map(track),
        clips: [...clips.values()].sort(byStart),
        assets: [],
        plugins: [...plugins.values()].map(slot).sort(byPlace),
      });
    },
  };
}
export type MemoryProject = ReturnType<typeof createMemoryProject>;
