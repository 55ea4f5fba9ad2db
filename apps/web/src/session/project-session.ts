import type { Asset, CatalogEntry, ProjectSnapshot, Refusal } from '@mixdown/contract';
import { defaultParams } from '@mixdown/core';
import { describeEdit } from './edits/describe.ts';
import type { Edit } from './edits/edit.ts';
import type { EnginePort } from './engine/engine-port.ts';
import { createGestures } from './gestures.ts';
import { createHistory, reverseStep, type Step } from './history.ts';
import { createOutbox, type SaveStatus } from './outbox.ts';
import { createDocument } from './project-document.ts';
import { normalise, type ProjectState, toSnapshot } from './project-state.ts';
import type { ParamStore } from './stores/param-store.ts';

export interface ProjectSessionDeps {
  readonly snapshot: ProjectSnapshot;
  readonly engine: EnginePort;
  readonly params: ParamStore;
  entryOf(catalogId: string): CatalogEntry | undefined;
  send(edit: Edit, o: { readonly keepalive: boolean }): Promise<void>;
  onState(state: ProjectState): void;
  onSaveStatus(status: SaveStatus): void;
  onRefused(edit: Edit, refusal: Refusal): void;
  now(): number;
  setTimer(run: () => void, ms: number): () => void;
}

/** How long a removal that cannot be made undone on the server waits before it is sent, in ms. */
export const LAST_CHANCE_MS = 10_000;

/** Stored parameters leave out what was never touched; on the page every parameter has a value. */
const withDefaults = (
  snapshot: ProjectSnapshot,
  entryOf: ProjectSessionDeps['entryOf'],
): ProjectSnapshot => ({
  ...snapshot,
  plugins: snapshot.plugins.map((slot) => {
    const entry = entryOf(slot.catalogId);
    return entry ? { ...slot, params: { ...defaultParams(entry), ...slot.params } } : slot;
  }),
});

/** One open project: every change goes through here, to the screen, the engine, the server and the undo history. */
export function createProjectSession(deps: ProjectSessionDeps) {
  const document = createDocument(normalise(withDefaults(deps.snapshot, deps.entryOf)));
  const history = createHistory();
  const gestures = createGestures();
  const outbox = createOutbox({
    send: deps.send,
    onConfirmed: (edit) => {
      changes += 1;
      document.confirm(edit);
      if (cannotReturn(edit)) history.forget((other) => refersTo(other, edit));
    },
    onRefused: (edit, refusal) => {
      changes += 1;
      gestures.clear();
      history.forget((other) => refersTo(other, edit));
      publish(document.refuse(outbox.pending()));
      deps.onRefused(edit, refusal);
    },
    onStatus: deps.onSaveStatus,
    now: deps.now,
    setTimer: deps.setTimer,
  });

  /** Brings screen, parameter store and engine to `state`. */
  function publish(state: ProjectState): void {
    for (const slot of Object.values(state.plugins)) {
      const changed = deps.params.setAll(slot.id, slot.params);
      for (const id of changed) deps.engine.setParam(slot.id, id, slot.params[id] as number);
    }
    deps.onState(state);
    deps.engine.reconcile(toSnapshot(state));
  }

  const label = (edit: Edit) => describeEdit(edit, document.visible(), deps.entryOf);

  /** Grows with every edit made, confirmed or refused: tells whether a snapshot is of this moment. */
  let changes = 0;
  const knownBefore = new Map<string, boolean>();
  /** Whether `edit` removes a plugin that the catalog lacks: the server would not take it back. */
  const cannotReturn = (edit: Edit): boolean =>
    edit.kind === 'plugin.remove' && knownBefore.get(edit.pluginId) === false;

  function put(edit: Edit): void {
    if (edit.kind === 'plugin.remove') {
      const slot = document.visible().plugins[edit.pluginId];
      if (slot) knownBefore.set(slot.id, deps.entryOf(slot.catalogId) !== undefined);
    }
    changes += 1;
    document.perform(edit);
    outbox.put(edit, { final: true, ...(cannotReturn(edit) && { delayMs: LAST_CHANCE_MS }) });
  }

  /** Applies edits that belong together, sends them, and returns the step that takes them back. */
  function commit(edits: readonly Edit[], words: string): Step {
    const undo = reverseStep(document.visible(), { label: words, edits });
    for (const edit of edits) put(edit);
    publish(document.visible());
    return undo;
  }

  const reverse = (step: Step) => reverseStep(document.visible(), step);

  function replay(step: Step | null): string | null {
    if (!step) return null;
    for (const edit of step.edits) put(edit);
    publish(document.visible());
    return step.label;
  }

  publish(document.visible());

  return {
    state: () => document.visible(),
    /** Structural edits: one step to undo, returned so that a toast can offer it. */
    perform(edits: readonly Edit[], words = edits[0] ? label(edits[0]) : ''): Step {
      const step = commit(edits, words);
      history.push(step);
      return step;
    },
    /**
     * A value that may be under the hand. A parameter under the hand shows in the parameter store and the engine alone;
     * whoever watches the project's state hears of it at the release.
     */
    set(edit: Edit, o: { readonly final: boolean }): void {
      const words = label(edit);
      const undo = gestures.track(document.visible(), edit, o.final);
      changes += 1;
      const state = document.perform(edit);
      const { params } = edit.kind === 'plugin.set' ? edit.patch : {};
      if (edit.kind === 'plugin.set') deps.params.setAll(edit.pluginId, params ?? {});
      passToEngine(deps.engine, edit);
      if (o.final) publish(state);
      else if (!params) deps.onState(state);
      outbox.put(edit, o);
      if (undo) history.push({ label: words, edits: [undo] });
    },
    /** Both return what was undone or redone in words, null where there was nothing. */
    undo: () => (gestures.active() ? null : replay(history.undo(reverse))),
    redo: () => (gestures.active() ? null : replay(history.redo(reverse))),
    /** Undoes one step out of order, if it has not been undone in another way. */
    undoStep: (step: Step) => (history.drop(step) ? replay(step) : null),
    historyLabels: () => history.labels(),
    addAsset: (asset: Asset) => deps.onState(document.addAsset(asset)),
    pending: () => outbox.pending(),
    changes: () => changes,
    /**
     * Takes over a newer state of the server. `asOf` = `changes()` when it was asked for; false, and nothing is taken,
     * where edits have been made or confirmed since or are on their way: the snapshot may or may not have them.
     */
    rebase(snapshot: ProjectSnapshot, asOf: number): boolean {
      if (asOf !== changes || outbox.pending().length > 0 || gestures.active()) return false;
      publish(document.rebase(normalise(withDefaults(snapshot, deps.entryOf))));
      return true;
    },
    /** Edits of an earlier visit that never reached the server. */
    restore(edits: readonly Edit[]): void {
      for (const edit of edits) put(edit);
      publish(document.visible());
    },
    flush: () => outbox.flush(),
    leave: () => outbox.leave(),
    resume: () => outbox.resume(),
    saveStatus: () => outbox.status(),
    close: () => outbox.close(),
  };
}
export type ProjectSession = ReturnType<typeof createProjectSession>;

/** Values that sound at once reach the engine directly, ahead of the next reconcile. */
function passToEngine(engine: EnginePort, edit: Edit): void {
  if (edit.kind === 'track.set') {
    const { gainDb, pan, muted, soloed } = edit.patch;
    engine.setTrack(edit.trackId, {
      ...(gainDb !== undefined && { gainDb }),
      ...(pan !== undefined && { pan }),
      ...(muted !== undefined && { muted }),
      ...(soloed !== undefined && { soloed }),
    });
  } else if (edit.kind === 'plugin.set') {
    const { params, bypassed, mix } = edit.patch;
    for (const [id, value] of Object.entries(params ?? {}))
      engine.setParam(edit.pluginId, id, value);
    if (bypassed !== undefined) engine.setBypassed(edit.pluginId, bypassed);
    if (mix !== undefined) engine.setMix(edit.pluginId, mix);
  }
}

const idOf = (edit: Edit): string => {
  switch (edit.kind) {
    case 'project.set':
      return 'project';
    case 'track.add':
      return edit.whole.track.id;
    case 'track.remove':
    case 'track.set':
    case 'track.move':
      return edit.trackId;
    case 'clip.add':
      return edit.clip.id;
    case 'clip.remove':
    case 'clip.set':
      return edit.clipId;
    case 'plugin.add':
      return edit.slot.id;
    default:
      return edit.pluginId;
  }
};

/** Whether `other` would act on what the refused `edit` was about. */
const refersTo = (other: Edit, edit: Edit): boolean => idOf(other) === idOf(edit);
