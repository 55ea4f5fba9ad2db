import type {
  Focus,
  Operation,
  OperationRequest,
  ParameterOverlay,
  ParamValues,
  PluginSlot,
  Presence,
  ProjectRole,
  ProjectSnapshot,
} from '@mixdown/contract';
import type { Clock } from '../clock.ts';
import type { Protections } from './protections.ts';

/** One connection to a gateway, such as a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Bytes that wait to be sent; frames pause while there are many. */
  bufferedBytes?(): number;
}

export interface SocketEvents {
  open(): void;
  message(text: string): void;
  closed(code: number, clean: boolean): void;
}

export type RoomStatus = 'connecting' | 'live' | 'reconnecting' | 'ended';

/** Why a room has ended by itself; coming again would end the same way. */
export type EndReason =
  | 'forbidden'
  | 'not_found'
  | 'token_invalid'
  | 'replaced'
  | 'bad_version'
  | 'malformed'
  | 'too_large';

export interface RoomLock {
  readonly mine: boolean;
  /** The session that holds it. */
  readonly holder: string | null;
  /** The account that holds it. */
  readonly user: string | null;
  readonly fence: number;
}

/** Own edits that did not make it. */
export interface DroppedEdits {
  readonly pluginId: string;
  readonly params: ParamValues;
  /** `locked`: somebody else holds the plugin; `lost_lock`: it was taken, or changed by others meanwhile. */
  readonly why: 'locked' | 'lost_lock' | 'gone' | 'invalid';
  readonly holder?: Presence;
}

export interface RoomEvents {
  status(status: RoomStatus, reason?: EndReason): void;
  /** Durable, in order of seq, each once; parameter writes too. */
  operation(operation: Operation): void;
  /** Replaces the durable document. */
  snapshot(snapshot: ProjectSnapshot): void;
  /** Visible values that changed, and not by this hand. */
  values(pluginId: string, params: ParamValues, cause: 'remote' | 'durable' | 'reverted'): void;
  lock(pluginId: string, lock: RoomLock | null): void;
  /** The parameters of this plugin that somebody else is moving right now. */
  moving(pluginId: string, paramIds: readonly string[]): void;
  /** Somebody would like to edit what this session holds; without an answer within `ms` an idle lock goes over. */
  asked(
    pluginId: string,
    by: { readonly session: string; readonly name: string },
    ms: number,
  ): void;
  /** The holder keeps what this session asked for. */
  kept(pluginId: string): void;
  presence(people: readonly Presence[]): void;
  dropped(edits: DroppedEdits): void;
  lockRefused(pluginId: string, detail: string): void;
  /** Own values that are not known to be stored, and operations without an answer. */
  unsaved(count: number): void;
  /** What this account may do, at each connection and when it changes. */
  role?(role: ProjectRole): void;
}

export interface RoomDeps {
  readonly projectId: string;
  /** The tab's identity, kept over reloads. */
  readonly session: string;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  random(): number;
  connect(events: SocketEvents): Socket;
  /** A valid access token; rejects while there is none to be had. */
  token(): Promise<string>;
  /** Where the project stands that the page has. */
  readonly start: {
    readonly epoch: number;
    readonly seq: number;
    readonly plugins: readonly PluginSlot[];
  };
  parameterOf(catalogId: string, paramId: string): ParameterOverlay | undefined;
  readonly events: RoomEvents;
  /** Milliseconds since 1970, for the expiry of tokens; default Date.now. */
  wallClock?(): number;
  /** For the simulation alone: shows what each protection is there for. */
  readonly protections?: Partial<Protections>;
}

/** Thrown where an operation could not go, or was not answered, over this connection: send it another way. */
export class RoomNotLive extends Error {
  override readonly name = 'RoomNotLive';
  constructor() {
    super('the room is not connected');
  }
}

export interface Room {
  /** Connects, or tries again at once, such as when the network is back. */
  connect(): void;
  /** Ends the connection without flushing. Nothing is called back afterwards. */
  close(): void;
  /** Sends what is under the hand as final, and closes cleanly: locks are free at once. */
  leave(): void;
  /** Sets values of this hand; takes the lock if need be. `final`: the hand is off. */
  setParams(pluginId: string, params: ParamValues, o: { readonly final: boolean }): void;
  acquire(pluginId: string): void;
  release(pluginId: string): void;
  request(pluginId: string): void;
  force(pluginId: string): void;
  answer(pluginId: string, session: string, allow: boolean): void;
  /** Rejects with RefusedError, or with RoomNotLive: then the same `opId` may go over HTTP. */
  perform(request: OperationRequest): Promise<{ readonly seq: number; readonly dup: boolean }>;
  look(focus: Focus): void;
  /** Sends what is under the hand as final. */
  flush(): void;
  status(): RoomStatus;
  seq(): number;
  visible(pluginId: string): ParamValues;
  /** Locks that are held, by plugin. */
  locks(): ReadonlyMap<string, RoomLock>;
  /** Own values that are not known to be stored. */
  mine(): ReadonlyMap<string, ParamValues>;
  /** Hands over what was not delivered: the room forgets it. */
  takeUnsent(): ReadonlyArray<{ readonly pluginId: string; readonly params: ParamValues }>;
}
