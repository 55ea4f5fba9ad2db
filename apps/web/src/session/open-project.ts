import { ASSET_CHUNK_FRAMES, RefusedError } from '@mixdown/contract';
import { createParamChangeThrottle, type ParamChangeThrottle } from '@mixdown/telemetry/browser';
import { catalogEntry, currentCatalog, defaultMix, theApp } from './app.ts';
import { describeEdit } from './edits/describe.ts';
import { httpRequestOf } from './edits/http-request.ts';
import { sendEdit, type Wire } from './edits/send-edit.ts';
import { createEngine } from './engine/create-engine.ts';
import type { EnginePort } from './engine/engine-port.ts';
import { reportSlotStatus } from './engine/slot-events.ts';
import { keepEdits, takeEdits } from './offline-edits.ts';
import { createProjectSession, type ProjectSession } from './project-session.ts';
import { toastRefusal } from './refusal-toast.ts';
import { createProjectRoom } from './room/create-project-room.ts';
import type { RoomHost } from './room/room-host.ts';
import { sessionId } from './room/session-id.ts';
import { useAccount } from './stores/account-store.ts';
import { createParamStore } from './stores/param-store.ts';
import { CLOSED, useOpenProject } from './stores/session-store.ts';
import { enterProject, useUi } from './stores/ui-store.ts';
import { saveRest, watchPage } from './watch-page.ts';

export interface OpenProject {
  readonly projectId: string;
  readonly session: ProjectSession;
  readonly room: RoomHost;
  readonly engine: EnginePort;
  readonly paramChanges: ParamChangeThrottle;
}

export const params = createParamStore();
let current: (OpenProject & { close(): Promise<void> }) | null = null;

export function theProject(): OpenProject {
  if (!current) throw new Error('No project is open');
  return current;
}
export const openProjectOrNull = (): OpenProject | null => current;

const setTimer = (run: () => void, ms: number) => {
  const id = window.setTimeout(run, ms);
  return () => window.clearTimeout(id);
};

const CATCH_UP_TRIES = 5;
const CATCH_UP_WAIT_MS = 1000;

/** Reads the project again where no room tells what others do; false = it is not ours to read any more. */
async function catchUp(projectId: string, session: ProjectSession): Promise<boolean> {
  for (let tries = 0; tries < CATCH_UP_TRIES && !current?.room.sessionRoom.following(); tries++) {
    const asOf = session.changes();
    const snapshot = await theApp()
      .client.project(projectId)
      .catch((error: unknown) => (error instanceof RefusedError ? error.refusal.code : null));
    if (snapshot === 'not_found' || snapshot === 'forbidden') return false;
    if (snapshot === null || typeof snapshot === 'string' || current?.session !== session)
      return true;
    if (session.rebase(snapshot, asOf)) return true;
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_WAIT_MS));
  }
  return true;
}

function createProjectEngine(
  projectId: string,
  sessionOf: () => ProjectSession | null,
): EnginePort {
  const { client, telemetry } = theApp();
  return createEngine(currentCatalog(), {
    fetchChunk(assetId, startFrame, frames = ASSET_CHUNK_FRAMES) {
      const asset = sessionOf()?.state().assets[assetId];
      if (!asset) return Promise.reject(new Error(`Asset ${assetId} is not in the project`));
      return client.assetChunk(asset, startFrame, frames);
    },
    onSlotStatus(pluginId, status) {
      const before = useOpenProject.getState().slots[pluginId];
      useOpenProject.setState((s) => ({ slots: { ...s.slots, [pluginId]: status } }));
      const slot = sessionOf()?.state().plugins[pluginId];
      if (slot) reportSlotStatus(telemetry, { ...slot, projectId }, before, status);
    },
    onTransport: (transport) => useOpenProject.setState({ transport }),
    onFatal({ reason }) {
      useOpenProject.setState({ audioStuck: true });
      telemetry.captureError(new Error('The audio engine is stuck'), { tags: { reason } });
    },
  });
}

/** What the log does not carry of the operations that have come. */
async function complete(projectId: string, session: ProjectSession): Promise<void> {
  const snapshot = await theApp()
    .client.project(projectId)
    .catch(() => null);
  if (snapshot && current?.session === session) session.complete(snapshot);
}

/** Reads a project and makes it the open one: on the screen, in the engine, and saved as it changes. */
export async function openProject(projectId: string): Promise<void> {
  if (current?.projectId === projectId) return;
  await closeProject();
  const { client, telemetry } = theApp();
  const snapshot = await client.project(projectId);
  useOpenProject.setState(CLOSED);
  let session: ProjectSession | null = null;
  const self = { session: sessionId(), userId: useAccount.getState().account?.id ?? '' };
  const room = createProjectRoom(snapshot, {
    self,
    setTimer,
    catchUp: async () => !session || document.hidden || catchUp(projectId, session),
    trackOf: (pluginId) => session?.state().plugins[pluginId]?.trackId,
  });
  const wire: Wire = {
    defaultMix,
    async perform(request, { opId, keepalive }) {
      const seq = keepalive ? null : await room.perform(request, opId);
      if (seq !== null) return seq;
      const over = { opId, keepalive, session: self.session };
      return client.edit(httpRequestOf(projectId, request), over);
    },
  };
  const engine = createProjectEngine(projectId, () => session);
  session = createProjectSession({
    snapshot,
    engine,
    params,
    room: room.sessionRoom,
    entryOf: catalogEntry,
    send: (edit, o) => sendEdit(wire, edit, o),
    onState(state) {
      const history = session?.historyLabels() ?? CLOSED.history;
      useOpenProject.setState({ state, history });
      const { selectedTrackId } = useUi.getState();
      // Somebody else may have deleted it.
      if (selectedTrackId && !state.tracks[selectedTrackId])
        useUi.setState({ selectedTrackId: state.trackOrder[0] ?? null, selectedPluginId: null });
    },
    onSaveStatus(saveStatus) {
      useOpenProject.setState({ saveStatus });
      // Nothing that was kept for the next visit may be made twice.
      if (saveStatus === 'saved') keepEdits(projectId, []);
    },
    onRefused(edit, refusal) {
      const state = session?.state();
      toastRefusal(refusal, state && describeEdit(edit, state, catalogEntry));
      if (session) void catchUp(projectId, session);
    },
    onIncomplete() {
      if (session) void complete(projectId, session);
    },
    now: () => performance.now(),
    setTimer,
  });
  const paramChanges = createParamChangeThrottle((change) =>
    telemetry.capture('plugin.param_changed', change),
  );
  const opened = session;
  const unwatch = watchPage(projectId, opened, {
    room,
    changes: paramChanges,
    catchUp: () => catchUp(projectId, opened),
  });
  current = {
    projectId,
    session: opened,
    room,
    engine,
    paramChanges,
    async close() {
      paramChanges.close();
      unwatch();
      saveRest(projectId, opened, room.leave());
      room.close();
      opened.close();
      await engine.dispose();
    },
  };
  enterProject(snapshot.tracks[0]?.id ?? null);
  room.start(opened);
  const kept = takeEdits(projectId);
  if (kept.length) opened.restore(kept);
}

/** Saves what is left and frees the engine. */
export async function closeProject(): Promise<void> {
  const closing = current;
  if (!closing) return;
  current = null;
  await closing.close();
  useOpenProject.setState(CLOSED);
  params.clear();
}
