import type {
  Operation,
  OperationRequest,
  ParamValues,
  ProjectRole,
  ProjectSnapshot,
  Refusal,
} from '@mixdown/contract';
import type { Identity } from '../auth/identity.ts';

/** Somebody who may be in a room, as the database knows them now. */
export interface Standing {
  readonly role: ProjectRole;
  /** False: may look, and everything that changes something is refused. */
  readonly editable: boolean;
  readonly name: string;
  /** Index into the palette of people's colours: the same for everybody who sees them. */
  readonly color: number;
  readonly epoch: number;
  readonly seq: number;
}

export interface HeldLock {
  readonly pluginId: string;
  readonly session: string;
  readonly userId: string;
  readonly fence: number;
  readonly ttlMs: number;
}

export type Acquired =
  | {
      readonly ok: true;
      readonly fence: number;
      readonly ttlMs: number;
      /** The last frame that is persisted under this fence; 0 for a new one. */
      readonly n: number;
    }
  | ({ readonly ok: false } & Omit<HeldLock, 'pluginId'>)
  | { readonly refusal: Refusal };

export interface FrameWrite {
  readonly identity: Identity;
  readonly projectId: string;
  readonly pluginId: string;
  readonly session: string;
  readonly fence: number;
  /** The last frame that `params` holds. */
  readonly n: number;
  readonly params: ParamValues;
  /** The same id again writes nothing and gives the seq of the first time, and so does an `n` that is persisted. */
  readonly opId: string;
}

/**
 * What is durable about a project, and the only judge of who holds what until when: Postgres, by its own clock. Every
 * method may reject when the database cannot be reached; then nothing is known of what happened.
 */
export interface Authority {
  /** Null: no such project, or not theirs to open. */
  standing(identity: Identity, projectId: string): Promise<Standing | null>;
  snapshot(identity: Identity, projectId: string): Promise<ProjectSnapshot | null>;
  /** Operations with seq > `after`, oldest first, at most `limit`; null where the log no longer reaches back so far. */
  operations(projectId: string, after: number, limit: number): Promise<readonly Operation[] | null>;
  /** Locks that are held now. */
  locks(projectId: string): Promise<readonly HeldLock[]>;
  /**
   * `force` takes it from anybody; for the owner, and for admins who belong to the makers (they cannot write). Renews
   * what the session holds already. A session is that of its user: the same name with another account is another.
   */
  acquire(o: {
    readonly identity: Identity;
    readonly pluginId: string;
    readonly session: string;
    readonly ttlMs: number;
    readonly force: boolean;
  }): Promise<Acquired>;
  /** Renews all that these sessions still hold, in one statement; what the answer lacks is lost. */
  renew(
    sessions: readonly { readonly session: string; readonly userId: string }[],
    ttlMs: number,
  ): Promise<readonly Pick<HeldLock, 'pluginId' | 'session' | 'fence'>[]>;
  /** False: the session did not hold it under this fence. */
  release(o: {
    readonly pluginId: string;
    readonly session: string;
    readonly fence: number;
  }): Promise<boolean>;
  /** Checks holder, fence and expiry, takes the next seq, updates and logs in one statement; null: stale, nothing written. */
  writeParams(write: FrameWrite): Promise<number | null>;
  /** One structural edit, done once per `opId`. */
  perform(
    identity: Identity,
    projectId: string,
    request: OperationRequest & { readonly session: string; readonly fence?: number },
  ): Promise<{ readonly seq: number; readonly dup: boolean } | { readonly refusal: Refusal }>;
  /** Removes expired locks of all projects and returns them. */
  sweep(): Promise<
    readonly { readonly projectId: string; readonly pluginId: string; readonly fence: number }[]
  >;
}
