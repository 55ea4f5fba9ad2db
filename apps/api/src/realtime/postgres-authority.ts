import { type Catalog, type Operation, type Refusal, RefusedError } from '@mixdown/contract';
import { asService, kyselyOf } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import type { Identity } from '../auth/identity.ts';
import { asCaller } from '../db/in-transaction.ts';
import { readSnapshot } from '../db/queries/read-snapshot.ts';
import { refusalOfDatabaseError } from '../db/refusal-of-database-error.ts';
import type { Acquired, Authority, HeldLock, Standing } from './authority.ts';
import { createFrameBatches } from './frame-batches.ts';
import { performOperation } from './perform-operation.ts';

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
  // A room asks all the time: one statement by the login that owns all of this, where a transaction with the service's
  // rights would be four round trips.
  const rowsOf = async <T>(query: ReturnType<typeof sql<T>>): Promise<readonly T[]> =>
    (await query.execute(kyselyOf(pool))).rows;

  return {
    standing: (identity, projectId) =>
      call<Standing | null>(identity, sql`public.daw_standing(${projectId})`),

    snapshot: (identity, projectId) =>
      asCaller(pool, identity, (tx) => readSnapshot(tx, projectId)),

    async operations(projectId, after, limit) {
      const rows = await rowsOf(
        sql<{ last: number } & (Operation | { seq: null })>`
          select p.seq as last, o.seq, o.op_id as "opId", o.kind, o.payload, o.actor
          from public.daw_projects p
          left join lateral (
            select * from public.daw_operations o where o.project_id = p.id and o.seq > ${after}
            order by o.seq limit ${limit}) o on true
          where p.id = ${projectId} order by o.seq`,
      );
      const last = rows[0]?.last ?? 0;
      const operations = rows.flatMap(({ last: _, ...row }) => (row.seq === null ? [] : [row]));
      // Old parameter writes go before old structural edits: a log may have holes.
      const whole = operations.every(({ seq }, index) => seq === after + index + 1);
      const expected = Math.min(limit, last - after);
      return whole && operations.length >= expected && after <= last ? operations : null;
    },

    locks: (projectId) =>
      rowsOf(
        sql<HeldLock>`select plugin_id as "pluginId", session_id as session, user_id as "userId",
          fence, ttl_ms as "ttlMs" from public.daw_project_locks(${projectId})`,
      ),

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
      rowsOf(
        sql<{ pluginId: string; session: string; fence: number }>`
          select plugin_id as "pluginId", session_id as session, fence
          from public.daw_renew_sessions(${sessions.map((s) => s.session)}::text[],
            ${sessions.map((s) => s.userId)}::uuid[], ${ttlMs})`,
      ),

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

    sweep: () =>
      rowsOf(
        sql<{ projectId: string; pluginId: string; fence: number }>`
          select project_id as "projectId", plugin_id as "pluginId", fence
          from public.sweep_locks()`,
      ),
  };
}
