import type { Presence } from '@mixdown/contract';
import type { EndReason, RoomLock } from '@mixdown/core/room/room';
import { create } from 'zustand';

/**
 * `off`: none yet; `alone`: the socket is blocked on the way, edits go
 * over HTTP and others' come by asking.
 */
/** `demoted`: one is a client of the project now, who hears its exports and does not open it. */
export type RoomEnd = EndReason | 'demoted';
export type RoomMode = 'off' | 'connecting' | 'live' | 'reconnecting' | 'alone' | 'ended';

/** Somebody would like to edit what this tab holds. */
export interface Ask {
  readonly pluginId: string;
  readonly session: string;
  readonly name: string;
  /** On the clock of `performance.now()`. */
  readonly until: number;
}

export interface RoomState {
  readonly mode: RoomMode;
  readonly ended: RoomEnd | null;
  /** This tab, as the others know it. */
  readonly self: { readonly session: string; readonly userId: string };
  /** One entry per tab, ours included. */
  readonly people: readonly Presence[];
  /** The same, and those who have gone: a lock may outlive its holder's presence. */
  readonly known: Readonly<Record<string, Presence>>;
  readonly locks: Readonly<Record<string, RoomLock>>;
  /** Parameters that somebody else is moving, by plugin. */
  readonly moving: Readonly<Record<string, readonly string[]>>;
  readonly asks: readonly Ask[];
  /** What this tab has asked for: until when an answer may come, by plugin. */
  readonly requests: Readonly<Record<string, number>>;
  /** Own values and operations that are not known to be stored. */
  readonly unsaved: number;
}

export const NO_ROOM: RoomState = {
  mode: 'off',
  ended: null,
  self: { session: '', userId: '' },
  people: [],
  known: {},
  locks: {},
  moving: {},
  asks: [],
  requests: {},
  unsaved: 0,
};

/** The room of the open project: who is there, who holds what, and how the connection stands. */
export const useRoom = create<RoomState>()(() => NO_ROOM);

const without = <T>(rows: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> => {
  const { [id]: _gone, ...rest } = rows;
  return rest;
};

export const setLock = (pluginId: string, lock: RoomLock | null): void =>
  useRoom.setState(({ locks }) => ({
    locks: lock ? { ...locks, [pluginId]: lock } : without(locks, pluginId),
  }));

export const setMoving = (pluginId: string, paramIds: readonly string[]): void =>
  useRoom.setState(({ moving }) => ({
    moving: paramIds.length ? { ...moving, [pluginId]: paramIds } : without(moving, pluginId),
  }));

export const setRequest = (pluginId: string, until: number | null): void =>
  useRoom.setState(({ requests }) => ({
    requests: until === null ? without(requests, pluginId) : { ...requests, [pluginId]: until },
  }));

export const addAsk = (ask: Ask): void =>
  useRoom.setState(({ asks }) => ({
    asks: [...asks.filter((a) => a.pluginId !== ask.pluginId || a.session !== ask.session), ask],
  }));

export const removeAsks = (which: (ask: Ask) => boolean): void =>
  useRoom.setState(({ asks }) => ({ asks: asks.filter((ask) => !which(ask)) }));

export const setPeople = (people: readonly Presence[]): void =>
  useRoom.setState(({ known }) => ({
    people,
    known: { ...known, ...Object.fromEntries(people.map((p) => [p.session, p])) },
  }));
