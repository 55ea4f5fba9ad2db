import type {
  Asset,
  CatalogEntry,
  Operation,
  ParamValues,
  ProjectRole,
  ProjectSnapshot,
  Refusal,
} from '@mixdown/contract';
import { applyEdit } from './edits/apply.ts';
import { describeEdit } from './edits/describe.ts';
import type { Edit } from './edits/edit.ts';
import type { SendOptions } from './edits/send-edit.ts';
import { sameTarget, setsAnyOf, setsParams } from './edits/targets.ts';
import { passToEngine } from './engine/pass-to-engine.ts';
import { createGestures } from './gestures.ts';
import { createHistory, reverseStep, type Step } from './history.ts';
import { createOutbox, type SaveStatus } from './outbox.ts';
import { createDocument } from './project-document.ts';
import { normalise } from './project-state.ts';
import { createPublisher, type PublisherDeps } from './publisher.ts';
import { applyOperation } from './room/apply-operation.ts';
import { createAwaited } from './room/awaited.ts';
import { isIncomplete, withOpaqueStates } from './room/log-gaps.ts';
import type { Unsent } from './room/room-link.ts';
import { ALONE, type SessionRoom } from './room/session-room.ts';
import { createUndoRedo } from './undo-redo.ts';
import { fillDefaults, withDefaults } from './with-defaults.ts';

export interface ProjectSessionDeps extends PublisherDeps {
  readonly snapshot: ProjectSnapshot;
  /** The room of those who have the project open; none where one works alone. */
  readonly room?: SessionRoom;
  entryOf(catalogId: string): CatalogEntry | undefined;
  send(edit: Edit, o: SendOptions): Promise<number | null>;
  onSaveStatus(status: SaveStatus): void;
  onRefused(edit: Edit, refusal: Refusal): void;
  /** An operation names what the log does not carry (an uploaded sound, a plugin's opaque state). */
  onIncomplete?(): void;
  now(): number;
}

/** How long a removal that cannot be made undone on the server waits before it is sent, in ms. */
export const LAST_CHANCE_MS = 10_000;
/** One open project: every change goes through here, to the screen, the engine, the server and the undo history. */
export function createProjectSession(deps: ProjectSessionDeps) {
  const room = deps.room ?? ALONE;
  const history = createHistory();
  const gestures = createGestures();
  const awaited = createAwaited();
  /** Plugins whose values the room may know better than the log. */
  const touched = new Set<string>();
  const document = createDocument(normalise(withDefaults(deps.snapshot, deps.entryOf)), {
    pending: () => [...awaited.edits(), ...outbox.pending()],
    live: () => new Map([...touched].map((id) => [id, room.visible(id)])),
    held: gestures.held,
  });
  const publisher = createPublisher(deps, document.visible);
  const { publish, publishValues } = publisher;
  const outbox = createOutbox({
    send: deps.send,
    onConfirmed(edit, seq) {
      changes += 1;
      if (cannotReturn(edit)) history.forget((other) => sameTarget(other, edit));
      if (!room.following()) document.advance((base) => applyEdit(base, edit));
      // What stood over it is gone, and others may have been there since.
      else if (!awaited.add(edit, seq, document.base())) {
        document.refresh();
        publish();
      }
    },
    onRefused(edit, refusal) {
      changes += 1;
      gestures.clear();
      history.forget((other) => sameTarget(other, edit));
      document.refresh();
      publish();
      deps.onRefused(edit, refusal);
    },
    onStatus: deps.onSaveStatus,
    now: deps.now,
    setTimer: deps.setTimer,
  });

  const label = (edit: Edit) => describeEdit(edit, document.visible(), deps.entryOf);

  /** Grows with every edit made, confirmed or refused: tells whether a snapshot is of this moment. */
  let changes = 0;
  const knownBefore = new Map<string, boolean>();
  /** Whether `edit` removes a plugin that the catalog lacks: the server would not take it back. */
  const cannotReturn = (edit: Edit): boolean =>
    edit.kind === 'plugin.remove' && knownBefore.get(edit.pluginId) === false;

  /** Sets an edit on its way: a plugin's values to the room, all else to the outbox. */
  function dispatch(edit: Edit, o: { readonly final: boolean; readonly delayMs?: number }): void {
    if (!setsParams(edit) || !room.takes(edit.pluginId)) {
      outbox.put(edit, o);
      return;
    }
    const { params, ...rest } = edit.patch;
    touched.add(edit.pluginId);
    room.setParams(edit.pluginId, params, { final: o.final });
    if (Object.keys(rest).length) outbox.put({ ...edit, patch: rest }, o);
  }

  function put(edit: Edit): void {
    if (edit.kind === 'plugin.remove') {
      const slot = document.visible().plugins[edit.pluginId];
      if (slot) knownBefore.set(slot.id, deps.entryOf(slot.catalogId) !== undefined);
    }
    changes += 1;
    document.perform(edit);
    dispatch(edit, { final: true, ...(cannotReturn(edit) && { delayMs: LAST_CHANCE_MS }) });
  }

  /** Applies edits that belong together, sends them, and returns the step that takes them back. */
  function commit(edits: readonly Edit[], words: string): Step {
    const undo = reverseStep(document.visible(), { label: words, edits });
    for (const edit of edits) put(edit);
    publish();
    return undo;
  }

  function replay(step: Step): string {
    for (const edit of step.edits) put(edit);
    publish();
    return step.label;
  }
  const undoRedo = createUndoRedo({
    history,
    visible: document.visible,
    replay,
    heldBy: room.heldBy,
  });
  const stepTo = (side: 'undo' | 'redo') => (gestures.active() ? null : undoRedo.step(side));

  /** Values of ours that the room could not bring to the server go over HTTP. */
  function sendOverHttp(unsent: Unsent): void {
    for (const { pluginId, params } of unsent) {
      if (!document.visible().plugins[pluginId]) continue;
      outbox.put({ kind: 'plugin.set', pluginId, patch: { params } }, { final: true });
    }
    document.refresh();
  }

  publish();

  return {
    state: () => document.visible(),
    /** Structural edits: one step to undo, returned so that a toast can offer it. */
    perform(edits: readonly Edit[], words = edits[0] ? label(edits[0]) : ''): Step {
      const undo = commit(edits, words);
      history.push(undo);
      return undo;
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
      dispatch(edit, o);
      if (undo) history.push({ label: words, edits: [undo] });
      if (o.final) publish();
      else if (!params) deps.onState(state);
    },
    /** Both return what was undone or redone in words, null where there was nothing or somebody holds it. */
    undo: () => stepTo('undo'),
    redo: () => stepTo('redo'),
    /** Why the next step cannot be made now: "Ana is editing"; null where nobody is in the way. */
    blocked: undoRedo.blocked,
    /** Undoes one step out of order, if it has not been undone in another way. */
    undoStep: undoRedo.single,
    historyLabels: () => history.labels(),
    addAsset: (asset: Asset) => deps.onState(document.addAssets([asset])),
    pending: () => outbox.pending(),
    changes: () => changes,
    /**
     * Takes over a newer state of the server, where no room brings its operations. `asOf` = `changes()` when it was
     * asked for; false, and nothing is taken, where edits have been made or confirmed since or are on their way: the
     * snapshot may or may not have them.
     */
    rebase(snapshot: ProjectSnapshot, asOf: number): boolean {
      if (room.following() || asOf !== changes) return false;
      if (outbox.pending().length > 0 || gestures.active()) return false;
      document.advance(() => normalise(withDefaults(snapshot, deps.entryOf)));
      publish();
      return true;
    },

    /** The next operation of the log, whoever did it. */
    operation(op: Operation): void {
      document.advance((base) => fillDefaults(applyOperation(base, op), op, deps.entryOf));
      awaited.drop(document.base());
      if (op.kind === 'plugin.params') publishValues(op.payload.pluginId);
      else publish();
      if (isIncomplete(op, document.base())) deps.onIncomplete?.();
    },
    /** The whole project anew: the log does not reach back to where the page stood. */
    replace(snapshot: ProjectSnapshot): void {
      document.advance(() => normalise(withDefaults(snapshot, deps.entryOf)));
      awaited.drop(document.base());
      publish();
    },
    /** What one may do here has changed. */
    setRole(role: ProjectRole): void {
      document.advance((base) => ({ ...base, role }));
      deps.onState(document.visible());
    },
    /** What the log does not carry, out of a snapshot that may be newer than the page. */
    complete(snapshot: ProjectSnapshot): void {
      document.addAssets(snapshot.assets);
      document.advance((base) => withOpaqueStates(base, snapshot));
      publish();
    },
    /** Values that another hand moves, or that fell back. */
    values(pluginId: string, values: ParamValues): void {
      touched.add(pluginId);
      document.refresh();
      publisher.showParams(pluginId, Object.keys(values));
    },
    /** Own values that did not make it: they leave no step to undo, and the hand that holds them lets go. */
    dropped(pluginId: string, values: ParamValues): void {
      const concerns = (edit: Edit) => setsAnyOf(edit, pluginId, values);
      if (gestures.held().some(concerns)) gestures.drop(concerns);
      else history.retract(concerns);
      document.refresh();
      publishValues(pluginId);
    },
    /** From now on the room brings the operations: values that wait for HTTP go its way. */
    follow(): void {
      const isValues = (edit: Edit) => setsParams(edit) && room.takes(edit.pluginId);
      for (const edit of outbox.take(isValues)) dispatch(edit, { final: true });
    },
    /** From now on answers of HTTP are all there is: what they have confirmed is durable, and the rest goes that way. */
    unfollow(unsent: Unsent): void {
      document.advance((base) => awaited.takeAll().reduce(applyEdit, base));
      touched.clear();
      sendOverHttp(unsent);
      publish();
    },
    sendOverHttp,
    seq: () => document.base().project.seq,

    /** Edits of an earlier visit that never reached the server. */
    restore(edits: readonly Edit[]): void {
      for (const edit of edits) put(edit);
      publish();
    },
    flush: () => outbox.flush(),
    leave: () => outbox.leave(),
    resume: () => outbox.resume(),
    saveStatus: () => outbox.status(),
    close(): void {
      publisher.close();
      outbox.close();
    },
  };
}
export type ProjectSession = ReturnType<typeof createProjectSession>;
