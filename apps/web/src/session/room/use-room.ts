import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type Holder, holderOf, lookingAt, type Person, peopleOf } from './people.ts';
import { useRoom } from './room-store.ts';

/** Who holds a plugin that one does not hold oneself; null = free, or ours. */
export function useHolder(pluginId: string): Holder | null {
  return useRoom(useShallow((state) => holderOf(state, pluginId)));
}

/** Everybody in the room, one entry per person. */
export function usePeople(): readonly Person[] {
  const people = useRoom((s) => s.people);
  const self = useRoom((s) => s.self);
  return useMemo(() => peopleOf({ people, self }), [people, self]);
}

/** The others who look at a track or a plugin right now. */
export function useLookers(at: { readonly trackId: string } | { readonly pluginId: string }) {
  return useRoom(useShallow((state) => lookingAt(state, at)));
}
