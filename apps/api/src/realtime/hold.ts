import { type ParamFrame, TICK_MS } from '@mixdown/contract';
import type { Identity } from '../auth/identity.ts';
import type { KnownPlugin } from './room-plugins.ts';

/** At most one write per plugin in this time while its values move. */
export const PERSIST_MS = 250;
/** Hands that move together are written together, and with a tick: sooner or later at the multiples of this. */
export const WRITE_MS = Math.ceil(PERSIST_MS / TICK_MS) * TICK_MS;
/** A lease, and how much sooner a node stops to trust what it knows of one. */
export const LEASE_MS = 12_000;
export const TRUST_MARGIN_MS = 1_500;

/** A plugin that a session of this node holds. */
export interface Hold {
  readonly plugin: KnownPlugin;
  readonly session: string;
  readonly fence: number;
  identity: Identity;
  /** By our clock; until then the lease certainly runs. */
  trustUntil: number;
  seenN: number;
  persistedN: number;
  persistedSeq: number;
  lastEdit: number;
  /** About to be taken or given up: frames wait for what comes of it. */
  closing: boolean;
}
/** What is kept of a hold beside what others may know of it. */
export interface Kept extends Hold {
  dirty: Map<number, number>;
  fin: boolean;
  queue: ParamFrame[];
  writing: Promise<void> | null;
  lastWriteAt: number;
  /** When it is to be written, while it waits for that. */
  moment: number;
  ended: boolean;
}

/** Two frames of one hold as one: of each parameter the latest value. */
export const mergeFrames = (a: ParamFrame, b: ParamFrame): ParamFrame => {
  const values = new Map<number, number>();
  for (const { v } of [a, b]) {
    for (let at = 0; at < v.length; at += 2) values.set(v[at] as number, v[at + 1] as number);
  }
  return { ...b, v: [...values].flat(), ...(a.fin && { fin: a.fin }) };
};

/** What has not gone anywhere yet of somebody who holds a plugin from now on. */
export const newHold = (
  known: Pick<Hold, 'plugin' | 'session' | 'fence' | 'identity' | 'trustUntil' | 'lastEdit'>,
  n: number,
): Kept => ({
  ...known,
  seenN: n,
  persistedN: n,
  persistedSeq: 0,
  closing: false,
  dirty: new Map(),
  fin: false,
  queue: [],
  writing: null,
  lastWriteAt: Number.NEGATIVE_INFINITY,
  moment: 0,
  ended: false,
});
