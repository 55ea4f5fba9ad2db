import {
  type Catalog,
  type Operation,
  type ProjectRole,
  type Refusal,
  RefusedError,
  refuse,
} from '@mixdown/contract';
import { ALL_PROTECTIONS, type Clock, type Protections } from '@mixdown/core';
import type { Identity } from '../../apps/api/src/auth/identity.ts';
import type { Acquired, Authority, HeldLock } from '../../apps/api/src/realtime/authority.ts';
import { createMemoryProject, type MemoryProjectStart } from './memory-project.ts';

export type AuthorityMethod = keyof Authority;

/** What goes wrong with one call, and how long it takes, in ms. */
export interface AuthorityFault {
  readonly latencyMs: number;
  /** `before`: nothing was done; `after`: it was done, and the answer is lost. */
  readonly reject?: 'before' | 'after' | undefined;
}

/** One accepted parameter write with the lock as it was at that moment. */
export interface AuditedWrite {
  readonly seq: number;
  readonly pluginId: string;
  readonly session: string;
  readonly fence: number;
  readonly n: number;
  readonly valid: boolean;
}

export interface MemoryAuthorityDeps {
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly project: MemoryProjectStart;
  /** Members in the order in which they came. */
  readonly members: ReadonlyArray<{ readonly userId: string; readonly role: ProjectRole }>;
  fault?(method: AuthorityMethod): AuthorityFault;
  /** What NOTIFY tells listeners, after each commit. */
  onOperation?(seq: number): void;
  onLock?(lock: {
    readonly pluginId: string;
    readonly fence: number;
    readonly session: string | null;
    readonly userId: string | null;
  }): void;
  readonly protections?: Partial<Protections>;
}

interface Lock {
  readonly session: string;
  readonly userId: string;
  readonly fence: number;
  until: number;
  lastN: number;
  lastSeq: number | null;
}

/** One project's authority in memory and in virtual time, with what Postgres does, and what can go wrong with it. */
export function createMemoryAuthority(deps: MemoryAuthorityDeps) {
  const { clock } = deps;
  const on = { ...ALL_PROTECTIONS, ...deps.protections };
  const project = createMemoryProject(deps.catalog, deps.project);
  const log: Operation[] = [];
  const byOpId = new Map<string, Operation>();
  const locks = new Map<string, Lock>();
  const members = [...deps.members];
  const writes: AuditedWrite[] = [];
  const firstSeq = project.seq();
  let logFrom = firstSeq;

  const wait = (ms: number) =>
    ms > 0 ? new Promise<void>((resolve) => clock.setTimer(resolve, ms)) : null;

  /** One transaction: takes its time, and happens at one moment, or not. */
  async function transaction<T>(method: AuthorityMethod, run: () => T): Promise<T> {
    const fault = deps.fault?.(method) ?? { latencyMs: 0 };
    await wait(fault.latencyMs / 2);
    if (fault.reject === 'before') throw new Error('the database cannot be reached');
    const result = run();
    await wait(fault.latencyMs / 2);
    if (fault.reject === 'after') throw new Error('the connection to the database broke');
    return result;
  }

  const roleOf = (identity: Identity, projectId = project.id): ProjectRole | null =>
    projectId === project.id
      ? (members.find(({ userId }) => userId === identity.userId)?.role ?? null)
      : null;
  const mayEdit = (identity: Identity) => {
    const role = roleOf(identity);
    return (
      (role === 'owner' || role === 'editor') &&
      (identity.role === 'pro' || identity.role === 'guest')
    );
  };
  const heldBy = (pluginId: string): Lock | null => {
    const lock = locks.get(pluginId);
    return lock && lock.until > clock.now() ? lock : null;
  };
  const refusal = (code: Refusal['code'], detail: string) => ({ refusal: { code, detail } });

  function append(logged: Pick<Operation, 'kind' | 'payload'>, opId: string, actor: string) {
    const operation = structuredClone({ ...logged, seq: project.nextSeq(), opId, actor });
    log.push(operation as Operation);
    byOpId.set(opId, operation as Operation);
    deps.onOperation?.(operation.seq);
    return operation.seq;
  }
  function dropLock(pluginId: string): void {
    const lock = locks.get(pluginId);
    if (!locks.delete(pluginId) || !lock) return;
    deps.onLock?.({ pluginId, fence: lock.fence, session: null, userId: null });
  }

  function acquire(o: Parameters<Authority['acquire']>[0]): Acquired {
    const plugin = project.plugin(o.pluginId);
    const role = roleOf(o.identity);
    const asAdmin =
      o.force && o.identity.role === 'admin' && (role === 'owner' || role === 'editor');
    if (!plugin || !(mayEdit(o.identity) || asAdmin))
      return refusal('not_found', 'There is no such plugin, or it is not yours to edit.');
    if (o.force && !asAdmin && role !== 'owner')
      return refusal('forbidden', 'Only the owner of the project takes over without asking.');
    const held = heldBy(o.pluginId);
    const until = clock.now() + o.ttlMs;
    if (held?.session === o.session && held.userId === o.identity.userId) {
      held.until = until;
      return { ok: true, fence: held.fence, ttlMs: o.ttlMs, n: held.lastN };
    }
    if (held && !o.force) {
      const { session, userId, fence } = held;
      return { ok: false, session, userId, fence, ttlMs: held.until - clock.now() };
    }
    plugin.fence += 1;
    const { session } = o;
    const { userId } = o.identity;
    const { fence } = plugin;
    locks.set(o.pluginId, { session, userId, fence, until, lastN: 0, lastSeq: null });
    deps.onLock?.({ pluginId: o.pluginId, fence, session, userId });
    return { ok: true, fence, ttlMs: o.ttlMs, n: 0 };
  }

  function writeParams(w: Parameters<Authority['writeParams']>[0]): number | null {
    const plugin = project.plugin(w.pluginId);
    if (!plugin || !mayEdit(w.identity)) return null;
    const done = byOpId.get(w.opId);
    if (done && on.opIdempotency) return done.seq;
    const lock = heldBy(w.pluginId);
    const valid =
      lock?.session === w.session && lock.fence === w.fence && lock.userId === w.identity.userId;
    if (!valid && on.authorityFence) return null;
    if (valid && w.n <= lock.lastN && on.opIdempotency) return lock.lastSeq;
    const { pluginId, fence, n, session, params } = w;
    plugin.params = { ...plugin.params, ...params };
    const payload = { pluginId, patch: { params }, fence, n };
    const seq = append({ kind: 'plugin.params', payload }, w.opId, w.identity.userId);
    if (valid) Object.assign(lock, { lastN: n, lastSeq: seq });
    writes.push({ seq, pluginId, session, fence, n, valid });
    return seq;
  }

  function perform(...[identity, projectId, request]: Parameters<Authority['perform']>) {
    const role = roleOf(identity, projectId);
    if (role === null) throw refuse('not_found', 'There is no such project.');
    if (!mayEdit(identity)) throw refuse('forbidden', 'You may look at this project only.');
    const done = byOpId.get(request.opId);
    if (done && on.opIdempotency) {
      const same =
        done.kind === request.kind ||
        (request.kind === 'plugin.update' && done.kind === 'plugin.params');
      if (!same)
        throw refuse('idempotency_key_reused', 'This operation id stands for another edit.');
      return { seq: done.seq, dup: true };
    }
    for (const id of project.guarded(request)) {
      const held = heldBy(id);
      if (held && (held.session !== request.session || held.userId !== identity.userId))
        throw refuse('plugin_locked', 'Somebody else is editing this plugin.');
      if (request.fence !== undefined && project.plugin(id)?.fence !== request.fence)
        throw refuse('stale_fence', 'The lock has changed hands since.');
    }
    const logged = project.edit(request);
    if (!logged) return { seq: project.seq(), dup: true };
    const gone = [...locks.keys()].filter((id) => !project.plugin(id));
    const seq = append(logged, request.opId, identity.userId);
    for (const id of gone) dropLock(id);
    return { seq, dup: false };
  }

  const authority: Authority = {
    standing: (identity, projectId) =>
      transaction('standing', () => {
        const role = roleOf(identity, projectId);
        if (role === null) return null;
        return {
          role,
          editable: mayEdit(identity),
          name: identity.email?.split('@')[0] || 'Somebody',
          color: members.findIndex(({ userId }) => userId === identity.userId) % 8,
          epoch: project.epoch(),
          seq: project.seq(),
        };
      }),
    snapshot: (identity, projectId) =>
      transaction('snapshot', () => {
        const role = roleOf(identity, projectId);
        return role === null ? null : project.snapshot(role);
      }),
    operations: (_projectId, after, limit) =>
      transaction('operations', () => {
        if (after < logFrom || after > project.seq()) return null;
        return structuredClone(log.slice(after - firstSeq, after - firstSeq + limit));
      }),
    locks: () =>
      transaction('locks', () => {
        const held: HeldLock[] = [];
        for (const [pluginId, lock] of locks) {
          const { session, userId, fence, until } = lock;
          const ttlMs = until - clock.now();
          if (ttlMs > 0) held.push({ pluginId, session, userId, fence, ttlMs });
        }
        return held;
      }),
    acquire: (o) => transaction('acquire', () => acquire(o)),
    renew: (sessions, ttlMs) =>
      transaction('renew', () => {
        const renewed = [];
        for (const [pluginId, lock] of locks) {
          if (lock.until <= clock.now()) continue;
          const { session, userId, fence } = lock;
          if (!sessions.some((s) => s.session === session && s.userId === userId)) continue;
          lock.until = clock.now() + ttlMs;
          renewed.push({ pluginId, session, fence });
        }
        return renewed;
      }),
    release: ({ pluginId, session, fence }) =>
      transaction('release', () => {
        const lock = locks.get(pluginId);
        if (lock?.session !== session || lock.fence !== fence) return false;
        dropLock(pluginId);
        return true;
      }),
    writeParams: (write) => transaction('writeParams', () => writeParams(write)),
    perform: (identity, projectId, request) =>
      transaction('perform', () => {
        try {
          return perform(identity, projectId, request);
        } catch (error) {
          if (error instanceof RefusedError) return { refusal: error.refusal };
          throw error;
        }
      }),
    sweep: () =>
      transaction('sweep', () => {
        const swept = [];
        for (const [pluginId, lock] of [...locks]) {
          if (lock.until > clock.now()) continue;
          swept.push({ projectId: project.id, pluginId, fence: lock.fence });
          dropLock(pluginId);
        }
        return swept;
      }),
  };

  return {
    authority,
    /** The database as it is, without its faults. */
    snapshot: () => project.snapshot('owner'),
    log: (): readonly Operation[] => log,
    writes: (): readonly AuditedWrite[] => writes,
    heldLocks: () => [...locks.keys()].filter((id) => heldBy(id) !== null),
    /** The log no longer reaches back beyond its last `keep` operations. */
    forget(keep: number): void {
      logFrom = Math.max(logFrom, project.seq() - keep);
    },
    /** Takes a member's place away, or gives another; a null role removes. */
    setMember(userId: string, role: ProjectRole | null): void {
      const at = members.findIndex((member) => member.userId === userId);
      if (role === null) members.splice(at, at < 0 ? 0 : 1);
      else if (at < 0) members.push({ userId, role });
      else members[at] = { userId, role };
      if (role !== null && role !== 'client') return;
      for (const [pluginId, lock] of [...locks]) if (lock.userId === userId) dropLock(pluginId);
    },
  };
}
export type MemoryAuthority = ReturnType<typeof createMemoryAuthority>;
