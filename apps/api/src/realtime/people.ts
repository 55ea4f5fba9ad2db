import type { Presence } from '@mixdown/contract';
import type { Clock } from '@mixdown/core';

/** How long somebody whose connection broke may come back: with the time until it is noticed, less than 20 s. */
const MAY_RETURN_MS = 11_000;
/** A node that says nothing for so long is not there: its people may come back elsewhere, then they are gone. */
const NODE_SILENT_MS = 9_000;
const NODE_GONE_MS = 16_000;

interface Local {
  presence: Presence;
  /** When it is gone for good; null while connected. */
  goneAt: number | null;
}
interface Node {
  people: readonly Presence[];
  heardAt: number;
}

/** Who is in a room, on this node and on others: one per session, and a live connection counts more than a broken one. */
export function createPeople(
  clock: Clock,
  on: { here(person: Presence): void; gone(session: string): void },
) {
  const local = new Map<string, Local>();
  const nodes = new Map<string, Node>();
  let shown = new Map<string, { person: Presence; json: string }>();

  function everybody(): Map<string, Presence> {
    const all = new Map<string, Presence>();
    const put = (person: Presence) => {
      const there = all.get(person.session);
      if (!there || there.state === 'reconnecting') all.set(person.session, person);
    };
    for (const { presence } of local.values()) put(presence);
    for (const { people, heardAt } of nodes.values()) {
      const silent = clock.now() - heardAt > NODE_SILENT_MS;
      for (const person of people) put(silent ? { ...person, state: 'reconnecting' } : person);
    }
    return all;
  }

  function refresh(): void {
    const before = shown;
    shown = new Map();
    for (const [session, person] of everybody()) {
      const json = JSON.stringify(person);
      shown.set(session, { person, json });
      if (before.get(session)?.json !== json) on.here(person);
    }
    for (const session of before.keys()) if (!shown.has(session)) on.gone(session);
  }

  return {
    list: (): Presence[] => [...shown.values()].map(({ person }) => person),
    find: (session: string): Presence | undefined => shown.get(session)?.person,
    /** Those of this node, for the others. */
    ours: (): Presence[] => [...local.values()].map(({ presence }) => presence),
    has: (session: string) => local.has(session),
    put(presence: Presence): void {
      local.set(presence.session, { presence, goneAt: null });
      refresh();
    },
    /** The connection broke: others see that they may come back, for a while. */
    broke(session: string): void {
      const there = local.get(session);
      if (!there) return;
      there.presence = { ...there.presence, state: 'reconnecting' };
      there.goneAt = clock.now() + MAY_RETURN_MS;
      refresh();
    },
    remove(session: string): void {
      if (local.delete(session)) refresh();
    },
    /** Another node's people. True where that node was not known. */
    hear(node: string, people: readonly Presence[]): boolean {
      const isNew = !nodes.has(node);
      nodes.set(node, { people, heardAt: clock.now() });
      refresh();
      return isNew;
    },
    /** Whether somebody is in this room on another node, as far as this one has heard. */
    elsewhere: (): boolean => [...nodes.values()].some((node) => node.people.length > 0),
    /** Lets go of who did not come back; returns their sessions. */
    sweep(): string[] {
      const now = clock.now();
      const gone: string[] = [];
      for (const [session, { goneAt }] of local) {
        if (goneAt === null || goneAt > now) continue;
        local.delete(session);
        gone.push(session);
      }
      for (const [node, { heardAt }] of nodes) {
        if (now - heardAt > NODE_GONE_MS) nodes.delete(node);
      }
      refresh();
      return gone;
    },
  };
}
export type People = ReturnType<typeof createPeople>;
