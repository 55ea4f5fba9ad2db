import { ASSET_CHUNK_FRAMES } from '@mixdown/contract';
import { createParamChangeThrottle, type ParamChangeThrottle } from '@mixdown/telemetry/browser';
import { catalogEntry, currentCatalog, defaultMix, theApp } from './app.ts';
import { describeEdit } from './edits/describe.ts';
import { sendEdit } from './edits/send-edit.ts';
import { createEngine } from './engine/create-engine.ts';
import type { EnginePort } from './engine/engine-port.ts';
import { reportSlotStatus } from './engine/slot-events.ts';
import { keepEdits, takeEdits } from './offline-edits.ts';
import { createProjectSession, type ProjectSession } from './project-session.ts';
import { toastRefusal } from './refusal-toast.ts';
import { useAccount } from './stores/account-store.ts';
import { createParamStore } from './stores/param-store.ts';
import { CLOSED, useOpenProject } from './stores/session-store.ts';
import { useUi } from './stores/ui-store.ts';

export interface OpenProject {
  readonly projectId: string;
  readonly session: ProjectSession;
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

/** With the network there, requests outlive the page; without it the edits wait in this browser for the next visit. */
function saveRest(projectId: string, session: ProjectSession): void {
  const reachable = session.saveStatus() === 'saving' || session.saveStatus() === 'saved';
  const behind = session.leave();
  keepEdits(projectId, reachable ? behind : session.pending());
}

/** Everything that must reach the server before the page goes, and that a new connection sets going again. */
function watchPage(
  projectId: string,
  session: ProjectSession,
  changes: ParamChangeThrottle,
): () => void {
  const stop = new AbortController();
  const leave = () => {
    changes.flush();
    saveRest(projectId, session);
  };
  const hide = () => {
    if (document.visibilityState === 'hidden') leave();
    else void catchUp(projectId, session);
  };
  const back = () => {
    session.resume();
    void catchUp(projectId, session);
  };
  window.addEventListener('pagehide', leave, stop);
  document.addEventListener('visibilitychange', hide, stop);
  window.addEventListener('online', back, stop);
  const unwatchAccount = useAccount.subscribe((now, before) => {
    if (before.expired && !now.expired) session.resume();
  });
  return () => {
    stop.abort();
    unwatchAccount();
  };
}

const CATCH_UP_TRIES = 5;
const CATCH_UP_WAIT_MS = 1000;

/** Reads the project again, after a refusal or an absence: others may have changed it meanwhile. */
async function catchUp(projectId: string, session: ProjectSession): Promise<void> {
  for (let tries = 0; tries < CATCH_UP_TRIES; tries++) {
    const asOf = session.changes();
    const snapshot = await theApp()
      .client.project(projectId)
      .catch(() => null);
    if (!snapshot || current?.session !== session) return;
    if (session.rebase(snapshot, asOf)) return;
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_WAIT_MS));
  }
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

/** Reads a project and makes it the open one: on the screen, in the engine, and saved as it changes. */
export async function openProject(projectId: string): Promise<void> {
  if (current?.projectId === projectId) return;
  await closeProject();
  const { client, telemetry } = theApp();
  const snapshot = await client.project(projectId);
  useOpenProject.setState(CLOSED);
  const wire = { send: client.send, defaultMix };
  let session: ProjectSession | null = null;
  const engine = createProjectEngine(projectId, () => session);
  session = createProjectSession({
    snapshot,
    engine,
    params,
    entryOf: catalogEntry,
    send: (edit, o) => sendEdit(wire, projectId, edit, o),
    onState(state) {
      const history = session?.historyLabels() ?? CLOSED.history;
      useOpenProject.setState({ state, history });
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
    now: () => performance.now(),
    setTimer,
  });
  const paramChanges = createParamChangeThrottle((change) =>
    telemetry.capture('plugin.param_changed', change),
  );
  const opened = session;
  const unwatch = watchPage(projectId, opened, paramChanges);
  current = {
    projectId,
    session: opened,
    engine,
    paramChanges,
    async close() {
      paramChanges.close();
      unwatch();
      saveRest(projectId, opened);
      opened.close();
      await engine.dispose();
    },
  };
  const kept = takeEdits(projectId);
  if (kept.length) opened.restore(kept);
  useUi.setState({ selectedTrackId: snapshot.tracks[0]?.id ?? null, selectedPluginId: null });
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
