import type { Presence } from '@mixdown/contract';
import type { RoomState } from './room-store.ts';

/** Somebody in the room, however many tabs they have open. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  /** Index into the palette of people's colours. */
  readonly color: number;
  readonly role: Presence['role'];
  readonly self: boolean;
  /** All of their tabs have lost the connection. */
  readonly reconnecting: boolean;
  readonly tabs: readonly Presence[];
}

/** One entry per person: oneself first, then by name. */
export function peopleOf({ people, self }: Pick<RoomState, 'people' | 'self'>): readonly Person[] {
  const byUser = Map.groupBy(people, (presence) => presence.userId);
  return [...byUser]
    .map(([userId, tabs]) => {
      const { name, color, role } = tabs[0] as Presence;
      const reconnecting = tabs.every((tab) => tab.state === 'reconnecting');
      return { userId, name, color, role, self: userId === self.userId, reconnecting, tabs };
    })
    .sort((a, b) => Number(b.self) - Number(a.self) || a.name.localeCompare(b.name));
}

/** "Ana Lima" → "AL", "ana" → "A". */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word ? ([...word][0] ?? '') : '',
  );
  return letters.join('').toUpperCase() || '?';
}

/** A name as it begins a sentence: e-mail names are written small. */
export const properName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Who holds a plugin that one does not hold oneself. */
export interface Holder {
  readonly name: string;
  readonly color: number;
  /** The same account in another tab. */
  readonly self: boolean;
  readonly reconnecting: boolean;
  /** "Ana is editing", "Ana, reconnecting". */
  readonly words: string;
}

type HolderState = Pick<RoomState, 'locks' | 'known' | 'people' | 'self'>;

/** Null: free, or ours. */
export function holderOf(state: HolderState, pluginId: string): Holder | null {
  const lock = state.locks[pluginId];
  if (!lock || lock.mine || lock.holder === null) return null;
  const presence =
    state.known[lock.holder] ?? Object.values(state.known).find((p) => p.userId === lock.user);
  const self = lock.user !== null && lock.user === state.self.userId;
  const name = self ? 'You' : presence ? properName(presence.name) : 'Somebody';
  const there = state.people.find((p) => p.session === lock.holder);
  const reconnecting = there?.state !== 'here';
  const words = self
    ? 'You are editing in another tab'
    : reconnecting
      ? `${name}, reconnecting`
      : `${name} is editing`;
  return { name, color: presence?.color ?? 0, self, reconnecting, words };
}

/** The others whose focus is on a track or a plugin, one entry per person. */
export function lookingAt(
  { people, self }: Pick<RoomState, 'people' | 'self'>,
  at: { readonly trackId: string } | { readonly pluginId: string },
): readonly Presence[] {
  const matching = people.filter(
    (p) =>
      p.session !== self.session &&
      p.userId !== self.userId &&
      ('trackId' in at ? p.focus.trackId === at.trackId : p.focus.pluginId === at.pluginId),
  );
  return [...new Map(matching.map((p) => [p.userId, p])).values()];
}
