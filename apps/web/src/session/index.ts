/** The one door between the page and everything behind it: the project's state, live values, and what one can do. */
import { useCallback, useSyncExternalStore } from 'react';
import * as clips from './actions/clip-actions.ts';
import { redo, undo } from './actions/history.ts';
import * as plugins from './actions/plugin-actions.ts';
import * as project from './actions/project-actions.ts';
import * as together from './actions/together-actions.ts';
import * as tracks from './actions/track-actions.ts';
import * as transport from './actions/transport-actions.ts';
import { uploadFiles } from './actions/upload-actions.ts';
import { catalogEntry } from './app.ts';
import type { MeterReading, SlotStatus } from './engine/engine-port.ts';
import { openProjectOrNull, params } from './open-project.ts';
import type { ProjectState } from './project-state.ts';
import { useOpenProject } from './stores/session-store.ts';

export { catalogEntry, currentCatalog, pluginName, startApp, theApp, useCatalog } from './app.ts';
export type { SlotStatus, TransportState } from './engine/engine-port.ts';
export { closeProject, openProject } from './open-project.ts';
export type { SaveStatus } from './outbox.ts';
export type { ProjectState } from './project-state.ts';
export { toastError, wordsFor } from './refusal-toast.ts';
export type { Holder, Person } from './room/people.ts';
export { initialsOf, properName } from './room/people.ts';
export { type Ask, type RoomMode, useRoom } from './room/room-store.ts';
export { useHolder, useLookers, usePeople } from './room/use-room.ts';
export { type Account, useAccount } from './stores/account-store.ts';
export { announce, useAnnouncement } from './stores/announcer.ts';
export { useOpenProject } from './stores/session-store.ts';
export { dismissToast, type Toast, toast, useToasts } from './stores/toasts.ts';
export { type BrowserTarget, closeBrowser, openBrowser, useUi } from './stores/ui-store.ts';
export { useUploads } from './stores/uploads.ts';

/** A part of the open project; only for components below an open project. */
export function useProject<T>(selector: (state: ProjectState) => T): T {
  return useOpenProject((open) => {
    if (!open.state) throw new Error('useProject() outside of an open project');
    return selector(open.state);
  });
}

/** The value (real unit) that stands on a parameter right now, also while a hand is on it. */
export function useParamValue(pluginId: string, paramId: string): number {
  const subscribe = useCallback(
    (listener: () => void) => params.subscribe(pluginId, paramId, listener),
    [pluginId, paramId],
  );
  return useSyncExternalStore(subscribe, () => paramValue(pluginId, paramId));
}

/** The same outside of React. */
export function paramValue(pluginId: string, paramId: string): number {
  const live = params.get(pluginId, paramId);
  if (live !== undefined) return live;
  const catalogId = useOpenProject.getState().state?.plugins[pluginId]?.catalogId ?? '';
  return catalogEntry(catalogId)?.parameters.find((p) => p.id === paramId)?.default ?? 0;
}

/** Calls `listener` whenever one of the values changes; returns what ends it. */
export function subscribeParams(
  pluginId: string,
  paramIds: readonly string[],
  listener: () => void,
): () => void {
  const ends = paramIds.map((paramId) => params.subscribe(pluginId, paramId, listener));
  return () => {
    for (const end of ends) end();
  };
}

const LOADING: SlotStatus = { state: 'loading' };
export const useSlotStatus = (pluginId: string): SlotStatus =>
  useOpenProject((open) => open.slots[pluginId] ?? LOADING);

export const useCanEdit = (): boolean =>
  useOpenProject((open) => open.state !== null && open.state.role !== 'client');

const SILENCE: MeterReading = { peak: [0, 0], rms: [0, 0] };
/** Level of a track or of the master; the peak is the highest since the last reading, so read it once per frame. */
export const readMeter = (target: string): MeterReading =>
  openProjectOrNull()?.engine.meter(target) ?? SILENCE;
/** Frames by which a plugin delays the sound. */
export const slotLatency = (pluginId: string): number =>
  openProjectOrNull()?.engine.slotLatency(pluginId) ?? 0;

/** Everything that changes something. Edits show at once; a refusal takes them back and says why. */
export const actions = {
  ...plugins,
  ...tracks,
  ...clips,
  ...project,
  ...transport,
  ...together,
  uploadFiles,
  undo,
  redo,
};
