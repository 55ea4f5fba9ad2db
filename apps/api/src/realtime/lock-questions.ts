import type { Clock } from '@mixdown/core';
import type { BusMessage } from './bus/bus.ts';
import type { Hold } from './hold.ts';
import type { KnownLock } from './lock-table.ts';
import type { KnownPlugin } from './room-plugins.ts';
import type { Member, Room } from './room-types.ts';

/** How long a holder may think about it; silence of somebody whose hand has been off for IDLE_MS means yes. */
const ASK_MS = 10_000;
const IDLE_MS = 5_000;
/** Beyond ASK_MS, until whoever asked is told something even if the holder's node is gone. */
const ASK_GRACE_MS = 2_000;

/** May I have it? From somebody at any node to a holder at any node, and back. */
export function createLockQuestions({
  room,
  clock,
  acquire,
  release,
}: {
  readonly room: Room;
  readonly clock: Clock;
  acquire(member: Member, plugin: KnownPlugin): Promise<void>;
  release(hold: Hold): Promise<void>;
}) {
  const { holds } = room;
  /** Questions of people of this node, by plugin and session. */
  const asking = new Map<string, () => void>();
  /** Questions to holders of this node. */
  const asked = new Map<string, { pluginId: string; session: string; cancel: () => void }>();
  const keyOf = (pluginId: string, session: string) => `${pluginId} ${session}`;

  function answered(pluginId: string, session: string, allow: boolean): void {
    const key = keyOf(pluginId, session);
    const stop = asking.get(key);
    if (!stop) return;
    stop();
    asking.delete(key);
    const member = room.members.get(session);
    const plugin = room.plugins.byId(pluginId);
    if (!member || !plugin) return;
    if (allow) void acquire(member, plugin);
    else room.tell(session, { t: 'lock.kept', h: plugin.h });
  }
  function answer(pluginId: string, session: string, allow: boolean): void {
    room.publish({ kind: 'answered', pluginId, session, allow });
    answered(pluginId, session, allow);
  }

  /** The sessions that have asked for this plugin, in order; nobody need answer them any more. */
  function takeQuestions(pluginId: string): string[] {
    const sessions: string[] = [];
    for (const [key, question] of [...asked]) {
      if (question.pluginId !== pluginId) continue;
      question.cancel();
      asked.delete(key);
      sessions.push(question.session);
    }
    return sessions;
  }

  /** The holder, or time, has decided. */
  async function decide(pluginId: string, session: string, allow: boolean): Promise<void> {
    const key = keyOf(pluginId, session);
    const question = asked.get(key);
    if (!question) return;
    question.cancel();
    asked.delete(key);
    const hold = holds.of(pluginId);
    if (!allow || !hold) {
      answer(pluginId, session, allow);
      return;
    }
    const others = takeQuestions(pluginId);
    await release(hold);
    answer(pluginId, session, true);
    for (const other of others) answer(pluginId, other, false);
  }

  function ask(pluginId: string, session: string, name: string): void {
    const hold = holds.of(pluginId);
    const key = keyOf(pluginId, session);
    if (!hold || hold.session === session || asked.has(key)) return;
    const cancel = clock.setTimer(() => {
      const now = holds.of(pluginId);
      const idle = !now || clock.now() - now.lastEdit > IDLE_MS;
      void decide(pluginId, session, idle);
    }, ASK_MS);
    asked.set(key, { pluginId, session, cancel });
    const { h } = hold.plugin;
    room.tell(hold.session, { t: 'lock.asked', h, session, name, ms: ASK_MS });
  }

  return {
    decide,
    /** Asks whoever holds it. */
    request(member: Member, plugin: KnownPlugin): void {
      const { session } = member;
      const key = keyOf(plugin.id, session);
      if (asking.has(key)) return;
      asking.set(
        key,
        clock.setTimer(() => {
          asking.delete(key);
          if (room.members.get(session) === member) void acquire(member, plugin);
        }, ASK_MS + ASK_GRACE_MS),
      );
      const { name } = member.standing();
      room.publish({ kind: 'asked', pluginId: plugin.id, session, name });
      ask(plugin.id, session, name);
    },
    /** The lock has changed: whoever was asked for it need not answer any more. */
    changed(lock: KnownLock): void {
      if (holds.of(lock.pluginId)) return;
      for (const [index, session] of takeQuestions(lock.pluginId).entries()) {
        // It went back by itself: who asked first gets it.
        answer(lock.pluginId, session, lock.session === null && index === 0);
      }
    },
    hear(message: BusMessage): void {
      if (message.kind === 'asked') ask(message.pluginId, message.session, message.name);
      else if (message.kind === 'answered')
        answered(message.pluginId, message.session, message.allow);
    },
    close(): void {
      for (const stop of asking.values()) stop();
      for (const { cancel } of asked.values()) cancel();
    },
  };
}
