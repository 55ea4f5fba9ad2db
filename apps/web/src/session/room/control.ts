import type { Room } from '@mixdown/core/room/room';
import { announce } from '../stores/announcer.ts';
import { toast } from '../stores/toasts.ts';
import { useUi } from '../stores/ui-store.ts';
import { holderOf, properName } from './people.ts';
import { addAsk, removeAsks, setRequest, useRoom } from './room-store.ts';

/** A plugin that one has turned away from is free for others after so long. */
const LEAVE_MS = 5000;
/** The holder has ten seconds; the answer needs a moment more on its way. */
const ANSWER_MS = 10_000;
const LATE_MS = 3000;

export interface ControlDeps {
  room(): Room | null;
  nameOf(pluginId: string): string;
  /** Brings the focus to a plugin that one may edit now. */
  focus(pluginId: string): void;
  now(): number;
  setTimer(run: () => void, ms: number): () => void;
}

/** Who may edit a plugin: asking for it, answering, taking it over, and giving it back when one has turned away. */
export function createControl(deps: ControlDeps) {
  const lastEdit = new Map<string, number>();
  const leaving = new Map<string, () => void>();
  const waiting = new Map<string, () => void>();

  const isMine = (pluginId: string) => useRoom.getState().locks[pluginId]?.mine === true;
  const idleMs = (pluginId: string) =>
    deps.now() - (lastEdit.get(pluginId) ?? Number.NEGATIVE_INFINITY);

  function stay(pluginId: string): void {
    leaving.get(pluginId)?.();
    leaving.delete(pluginId);
  }

  /** Gives the plugin back in a while, unless it is selected or turned again. */
  function leaveSoon(pluginId: string): void {
    if (leaving.has(pluginId)) return;
    const due = () => {
      leaving.delete(pluginId);
      if (!isMine(pluginId) || useUi.getState().selectedPluginId === pluginId) return;
      if (idleMs(pluginId) < LEAVE_MS) leaveSoon(pluginId);
      else deps.room()?.release(pluginId);
    };
    leaving.set(pluginId, deps.setTimer(due, LEAVE_MS));
  }

  function watchHeld(): void {
    const { selectedPluginId } = useUi.getState();
    for (const pluginId of Object.keys(useRoom.getState().locks)) {
      if (!isMine(pluginId)) continue;
      if (pluginId === selectedPluginId) stay(pluginId);
      else leaveSoon(pluginId);
    }
  }
  const unwatch = useUi.subscribe((now, before) => {
    if (now.selectedPluginId !== before.selectedPluginId) watchHeld();
  });

  function settleRequest(pluginId: string): boolean {
    const asked = waiting.has(pluginId);
    waiting.get(pluginId)?.();
    waiting.delete(pluginId);
    if (asked) setRequest(pluginId, null);
    return asked;
  }

  return {
    edited: (pluginId: string) => {
      lastEdit.set(pluginId, deps.now());
    },
    /** Asks the holder; the answer comes as a lock, as `kept`, or not at all. */
    request(pluginId: string): void {
      const holder = holderOf(useRoom.getState(), pluginId);
      if (!holder || waiting.has(pluginId)) return;
      deps.room()?.request(pluginId);
      setRequest(pluginId, deps.now() + ANSWER_MS);
      announce(`Asked ${holder.name} for ${deps.nameOf(pluginId)}`);
      const noAnswer = () => {
        waiting.delete(pluginId);
        setRequest(pluginId, null);
        const title = `${holder.name} has not answered`;
        toast({ tone: 'info', title, detail: `${deps.nameOf(pluginId)} stays with them for now.` });
        announce(title);
      };
      waiting.set(pluginId, deps.setTimer(noAnswer, ANSWER_MS + LATE_MS));
    },
    takeOver(pluginId: string): void {
      // Counts as asked, so that the way back is told in the same words.
      waiting.get(pluginId)?.();
      const giveUp = () => void settleRequest(pluginId);
      waiting.set(pluginId, deps.setTimer(giveUp, ANSWER_MS));
      deps.room()?.force(pluginId);
    },
    answer(pluginId: string, session: string, allow: boolean): void {
      deps.room()?.answer(pluginId, session, allow);
      removeAsks((ask) => ask.pluginId === pluginId && (allow || ask.session === session));
    },
    asked(pluginId: string, by: { session: string; name: string }, ms: number): void {
      const selected = useUi.getState().selectedPluginId === pluginId;
      if (!selected && idleMs(pluginId) >= LEAVE_MS) {
        deps.room()?.answer(pluginId, by.session, true);
        return;
      }
      const name = properName(by.name);
      addAsk({ pluginId, session: by.session, name, until: deps.now() + ms });
      announce(`${name} would like to edit ${deps.nameOf(pluginId)}`);
      deps.setTimer(() => {
        const stale = (ask: { pluginId: string; session: string; until: number }) =>
          ask.pluginId === pluginId && ask.session === by.session && ask.until <= deps.now() + 1;
        removeAsks(stale);
      }, ms);
    },
    kept(pluginId: string): void {
      const holder = holderOf(useRoom.getState(), pluginId);
      settleRequest(pluginId);
      const title = `${holder?.name ?? 'The other one'} keeps ${deps.nameOf(pluginId)}`;
      toast({ tone: 'info', title });
      announce(title);
    },
    refused(pluginId: string, detail: string): void {
      settleRequest(pluginId);
      toast({ tone: 'warning', title: `${deps.nameOf(pluginId)} is not free`, detail });
    },
    /** A lock has changed hands; `held` = it was ours before. */
    changed(pluginId: string, held: boolean): void {
      const lock = useRoom.getState().locks[pluginId];
      if (lock?.mine) {
        if (settleRequest(pluginId)) {
          const title = `You can edit ${deps.nameOf(pluginId)} now`;
          toast({ tone: 'success', title });
          announce(title);
          deps.focus(pluginId);
        }
        watchHeld();
        return;
      }
      stay(pluginId);
      if (held) removeAsks((ask) => ask.pluginId === pluginId);
      if (!lock) {
        // Free: whoever has asked for it takes it.
        if (waiting.has(pluginId)) deps.room()?.acquire(pluginId);
        return;
      }
      const holder = holderOf(useRoom.getState(), pluginId);
      if (!holder) return;
      if (held) {
        const title = `${holder.name} edits ${deps.nameOf(pluginId)} now`;
        toast({ tone: 'info', title });
        announce(title);
      } else if (useUi.getState().selectedPluginId === pluginId) {
        announce(`${holder.words} ${deps.nameOf(pluginId)}`);
      }
    },
    close(): void {
      unwatch();
      for (const cancel of [...leaving.values(), ...waiting.values()]) cancel();
    },
  };
}
export type Control = ReturnType<typeof createControl>;
