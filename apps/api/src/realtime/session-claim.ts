import type { Focus, Presence } from '@mixdown/contract';
import type { Standing } from './authority.ts';
import type { Room } from './room-types.ts';

/** Whether a session is somebody else's: who has learnt it does not get what is theirs. */
export function isForged(
  { people, locks }: Pick<Room, 'people' | 'locks'>,
  session: string,
  userId: string,
): boolean {
  const person = people.find(session);
  if (person && person.userId !== userId) return true;
  return locks.held().some((lock) => lock.session === session && lock.userId !== userId);
}

/** Somebody who is here, as the others see them. */
export const presence = (o: {
  readonly session: string;
  readonly userId: string;
  readonly focus: Focus;
  readonly of: Standing;
}): Presence => ({
  session: o.session,
  userId: o.userId,
  name: o.of.name,
  color: o.of.color,
  role: o.of.role,
  focus: o.focus,
  state: 'here',
});
