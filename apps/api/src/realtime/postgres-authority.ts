import { type Catalog, type Operation, type Refusal, RefusedError } from '@mixdown/contract';
import { asService } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool, QueryResultRow } from 'pg';
import type { Identity } from '../auth/identity.ts';
import { asCaller } from '../db/in-transaction.ts';
import { readSnapshot } from '../db/queries/read-snapshot.ts';
import { refusalOfDatabaseError } from '../db/refusal-of-database-error.ts';
import type { Acquired, Authority, HeldLock, Standing } from './authority.ts';
import { createFrameBatches } from './frame-batches.ts';
import { performOperation } from './perform-operation.ts';

const READ_LOG = {
  name: 'daw_read_log',
  text: `select p.seq as last, o.seq, o.op_id as "opId", o.kind, o.payload, o.actor
    from public.daw_projects p
    left join lateral (
      select * from public.daw_operations o where o.project_id = p.id and o.seq > $2
      order by o.seq limit $3) o on true
    where p.id = $1 order by o.seq`,
};
const READ_LOCKS = {
  name: 'daw_read_locks',
  text: `select plugin_id as "pluginId", session_id as session, user_id as "userId", fence, ttl_ms as "ttlMs"
    from public.daw_project_locks($1)`,
};
const RENEW = {
  name: 'daw_renew_sessions',
  text: `select plugin_id as "pluginId", session_id as session, fence
    from public.daw_renew_sessions($1::text[], $2::uuid[], $3)`,
};
const SWEEP = {
  name: 'daw_sweep_locks',
  text: `select project_id as "projectId", plugin_id as "pluginId", fence from public.sweep_locks()`,
};

/** daw_acquire_lock's answer. */
type LockAnswer =
  | { readonly ok: true; readonly fence: number; readonly ttlMs: number; readonly n: number }
  | {
      readonly ok: false;
      readonly holder: string;
      readonly userId: string;
      readonly fence: number;
      readonly ttlMs: number;
    }
  | { readonly refusal: Refusal };

/** What an error says to whoever asked. A database that is away says nothing: that error goes on. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusedError) return error.refusal;
  const refusal = error instanceof Error ? refusalOfDatabaseError(error) : null;
  if (!refusal || refusal.code === 'unavailable') throw error;
  return refusal;
}

/** The authority over Postgres. People's own acts run with their rights, those of the node with its login's. */
export function postgresAuthority({
  pool,
  catalog,
}: {
  readonly pool: Pool;
  readonly catalog: Catalog;
}): Authority {
  const call = async <T>(identity: Identity, query: ReturnType<typeof sql>): Promise<T> => {
    const { rows } = await asCaller(pool, identity, (tx) =>
      sql<{ answer: T }>`select ${query} as answer`.execute(tx),
    );
    return rows[0]?.answer as T;
  };
  // A room asks all the time: one prepared statement by the login that owns all of this, where a transaction with the
  // service's rights would be four round trips.
  const rowsOf = async <T extends QueryResultRow>(
    { name, text }: { readonly name: string; readonly text: string },
    values: unknown[] = [],
  ): Promise<readonly T[]> => (await pool.query<T>({ name, text, values })).rows;

  return {
    standing: (identity, projectId) =>
      call<Standing | null>(identity, sql`public.daw_standing(${projectId})`),

    snapshot: (identity, projectId) =>
      asCaller(pool, identity, (tx) => readSnapshot(tx, projectId)),

    async operations(projectId, after, limit) {
      const rows = await rowsOf<{ last: number } & (Operation | { seq: null })>(READ_LOG, [
        projectId,
        after,
        limit,
      ]);
      const last = rows[0]?.last ?? 0;
      const operations = rows.flatMap(({ last: _, ...row }) => (row.seq === null ? [] : [row]));
      // Old parameter writes go before old structural edits: a log may have holes.
      const whole = operations.every(({ seq }, index) => seq === after + index + 1);
      const expected = Math.min(limit, last - after);
      return whole && operations.length >= expected && after <= last ? operations : null;
    },

    locks: (projectId) => rowsOf<HeldLock>(READ_LOCKS, [projectId]),

    async acquire({ identity, pluginId, session, ttlMs, force }): Promise<Acquired> {
      const answer = await call<LockAnswer>(
        identity,
        sql`public.daw_acquire_lock(${pluginId}, ${session}, ${ttlMs}, ${force})`,
      );
      if ('refusal' in answer || answer.ok) return answer;
      const { holder, ...rest } = answer;
      return { ...rest, session: holder };
    },

    renew: (sessions, ttlMs) =>
      rowsOf<Pick<HeldLock, 'pluginId' | 'session' | 'fence'>>(RENEW, [
        sessions.map(({ session }) => session),
        sessions.map(({ userId }) => userId),
        ttlMs,
      ]),

    release: ({ pluginId, session, fence }) =>
      // With the service's rights: the holder's own may have gone.
      asService(pool, async (tx) => {
        const { rows } = await sql<{ done: boolean }>`
          select public.daw_release_lock(${pluginId}, ${session}, ${fence}) as done`.execute(tx);
        return rows[0]?.done ?? false;
      }),

    writeParams: createFrameBatches(pool),

    async perform(identity, projectId, request) {
      try {
        return await asCaller(pool, identity, (tx) =>
          performOperation(tx, { identity, projectId, catalog, request }),
        );
      } catch (error) {
        return { refusal: refusalOf(error) };
      }
    },

    sweep: () => rowsOf<{ projectId: string; pluginId: string; fence: number }>(SWEEP),
  };
}
