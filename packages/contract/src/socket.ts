import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import { Id } from './ids.ts';
import { OPERATION_REQUESTS, type Operation, type RequestKind } from './operations.ts';
import type { ProjectRole, ProjectSnapshot } from './projects.ts';

/** Version of the socket's protocol; a gateway refuses any other with `bad_version`. */
export const PROTOCOL = 1;
/** Frames go out of a client, and batches out of a gateway, at most this often: 25 Hz. */
export const TICK_MS = 40;
/** Largest message that a gateway takes, in bytes of UTF-8. The opaque state of a plugin goes over HTTP. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** How a gateway ends a connection (RFC 6455, private range), and whether trying again makes sense. */
export const CLOSE = {
  going_away: { code: 1001, again: true },
  malformed: { code: 4400, again: false },
  token_invalid: { code: 4401, again: true },
  forbidden: { code: 4403, again: false },
  not_found: { code: 4404, again: false },
  hello_timeout: { code: 4408, again: true },
  too_large: { code: 4413, again: false },
  bad_version: { code: 4426, again: false },
  rate_limited: { code: 4429, again: true },
  /** Too slow to take what the room says: come again and resume. */
  too_slow: { code: 4430, again: true },
  /** The same session has connected again. */
  replaced: { code: 4409, again: false },
  unavailable: { code: 4503, again: true },
} as const;
export type CloseReason = keyof typeof CLOSE;

/** A tab's identity: kept over reconnects and reloads, so that it keeps its locks. */
export const SessionId = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

const handle = z.int().min(0);
const fence = z.int().min(0);

/** Where somebody looks, for the others to see. */
export const Focus = z.strictObject({
  trackId: Id.nullable(),
  pluginId: Id.nullable(),
  paramId: z.string().max(64).nullable(),
});
export type Focus = z.infer<typeof Focus>;

const op = <K extends RequestKind>(kind: K) =>
  z.strictObject({
    t: z.literal('op'),
    opId: Id,
    kind: z.literal(kind),
    payload: OPERATION_REQUESTS[kind],
    /** The fence under which a held plugin is changed. */
    f: fence.optional(),
  });

export const Hello = z.strictObject({
  t: z.literal('hello'),
  v: z.int(),
  token: z.string().max(8192),
  projectId: Id,
  session: SessionId,
  epoch: z.int(),
  /** −1 asks for a snapshot. */
  lastSeq: z.int().min(-1),
});

/** A parameter frame: `v` = index, value, index, value, … Values are absolute, in real units, quantised. */
export const ParamFrame = z.strictObject({
  t: z.literal('pf'),
  h: handle,
  f: fence,
  /** Counts per plugin and fence, from 1. */
  n: z.int().min(1),
  /** The sender's clock in ms, for measuring only. */
  ts: z.number().optional(),
  v: z.array(z.number()).min(2).max(256),
  /** The hand is off: persist at once. */
  fin: z.literal(1).optional(),
});
export type ParamFrame = z.infer<typeof ParamFrame>;

/** Everything that a client says. */
export const ClientMessage = z.discriminatedUnion('t', [
  Hello,
  z.strictObject({ t: z.literal('lock.acquire'), h: handle }),
  z.strictObject({ t: z.literal('lock.request'), h: handle }),
  z.strictObject({ t: z.literal('lock.force'), h: handle }),
  z.strictObject({ t: z.literal('lock.release'), h: handle, f: fence }),
  z.strictObject({
    t: z.literal('lock.answer'),
    h: handle,
    session: SessionId,
    allow: z.boolean(),
  }),
  ParamFrame,
  z.discriminatedUnion('kind', [
    op('project.update'),
    op('track.add'),
    op('track.update'),
    op('track.remove'),
    op('clip.add'),
    op('clip.update'),
    op('clip.remove'),
    op('plugin.add'),
    op('plugin.update'),
    op('plugin.move'),
    op('plugin.remove'),
  ]),
  z.strictObject({ t: z.literal('look'), focus: Focus }),
  /** A newer token of the same account, before the one of `hello` expires. */
  z.strictObject({ t: z.literal('token'), token: z.string().max(8192) }),
  z.strictObject({ t: z.literal('ping'), ts: z.number().optional() }),
  /** Answers nothing that a gateway of this version says; taken as a sign of life. */
  z.strictObject({ t: z.literal('pong'), ts: z.number().optional() }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** A lock as others see it. `holder` null = free; `f` is the highest fence so far either way. */
export interface LockView {
  readonly h: number;
  readonly f: number;
  readonly holder: string | null;
  readonly user: string | null;
}

/** Somebody in the room: one per tab. */
export interface Presence {
  readonly session: string;
  readonly userId: string;
  readonly name: string;
  /** Index into the palette of people's colours, the same for everybody who sees them. */
  readonly color: number;
  readonly role: ProjectRole;
  readonly focus: Focus;
  /** `reconnecting`: the connection broke, and locks are kept for their lease. */
  readonly state: 'here' | 'reconnecting';
}

/** Handles and parameter indices, valid for one connection. */
export interface RoomPlugin {
  readonly h: number;
  readonly id: string;
  /** Key into `params`. */
  readonly k: string;
}

/** One plugin's frames of a tick, merged: of each parameter the latest value. */
export interface FrameEntry {
  readonly h: number;
  readonly f: number;
  readonly n: number;
  readonly v: readonly number[];
}

/** Everything that a gateway says. */
export type ServerMessage =
  | {
      readonly t: 'welcome';
      readonly epoch: number;
      readonly seq: number;
      readonly role: ProjectRole;
      readonly mode: 'resume' | 'snapshot';
      /** `resume`: everything after `lastSeq`. */
      readonly ops?: readonly Operation[];
      /** `snapshot`: the whole project as of `seq`. */
      readonly snapshot?: ProjectSnapshot;
      readonly plugins: readonly RoomPlugin[];
      /** Parameter ids in the order of their indices, by `RoomPlugin.k`. */
      readonly params: Readonly<Record<string, readonly string[]>>;
      readonly locks: readonly LockView[];
      readonly presence: readonly Presence[];
      /** Values that are moving at this moment, not yet in the log. */
      readonly live: readonly FrameEntry[];
      readonly tickMs: number;
    }
  /** Yours now, under fence f. `n` = the last frame that is persisted under it, 0 for a new fence. */
  | {
      readonly t: 'lock.ok';
      readonly h: number;
      readonly f: number;
      readonly ttlMs: number;
      readonly n: number;
    }
  | {
      readonly t: 'lock.busy';
      readonly h: number;
      readonly f: number;
      readonly holder: string;
      readonly user: string;
      readonly ttlMs: number;
    }
  | ({ readonly t: 'lk' } & LockView)
  /** To the holder: somebody would like to edit this plugin; no answer within `ms` while idle means yes. */
  | {
      readonly t: 'lock.asked';
      readonly h: number;
      readonly session: string;
      readonly name: string;
      readonly ms: number;
    }
  /** To whoever asked: the holder keeps it. */
  | { readonly t: 'lock.kept'; readonly h: number }
  | {
      readonly t: 'lock.err';
      readonly h: number;
      readonly code: ErrorCode;
      readonly detail: string;
    }
  | { readonly t: 'pf'; readonly k: number; readonly e: readonly FrameEntry[] }
  /** Frames up to n are persisted, as the operation `seq`. To the sender. */
  | {
      readonly t: 'ack';
      readonly h: number;
      readonly f: number;
      readonly n: number;
      readonly seq: number;
    }
  | {
      readonly t: 'nack';
      readonly h: number;
      readonly f: number;
      readonly n: number;
      readonly code: 'stale_fence' | 'not_held' | 'invalid';
    }
  /** Operation `seq` = the frames up to n of this fence, which this connection has had all of. */
  | {
      readonly t: 'po';
      readonly seq: number;
      readonly h: number;
      readonly f: number;
      readonly n: number;
    }
  /** `plugin`: the handle of what the operation added. */
  | ({
      readonly t: 'op';
      readonly plugin?: RoomPlugin;
      readonly params?: readonly string[];
    } & Operation)
  | { readonly t: 'op.ok'; readonly opId: string; readonly seq: number; readonly dup?: true }
  | {
      readonly t: 'op.err';
      readonly opId: string;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly extra?: Readonly<Record<string, unknown>>;
    }
  | ({ readonly t: 'pr' } & Presence)
  | { readonly t: 'pr.gone'; readonly session: string }
  /** The own role changed. */
  | { readonly t: 'role'; readonly role: ProjectRole }
  | { readonly t: 'hb'; readonly seq: number; readonly locks: readonly LockView[] }
  | { readonly t: 'pong'; readonly ts?: number };
