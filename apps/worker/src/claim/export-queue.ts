import type { ExportOptions, ExportPeaks, ExportStatus, ProjectSnapshot } from '@mixdown/contract';
import { asService } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import type { Progress } from '../progress/progress-tracker.ts';
import type { StoredResult } from '../upload/export-result.ts';

/** An export that this worker holds. Every later write carries its id and lease token. */
export interface ClaimedExport {
  readonly id: string;
  readonly projectId: string;
  readonly requestedBy: string;
  readonly attempt: number;
  readonly leaseToken: number;
  readonly snapshot: ProjectSnapshot;
  readonly options: ExportOptions;
}

/** A finished export whose file is the same. `result` is as that one's worker stored it. */
export interface Reusable {
  readonly id: string;
  readonly objectKey: string;
  readonly result: unknown;
}

export interface ClaimLimits {
  readonly worker: string;
  /** Running exports of all workers together. */
  readonly total: number;
  /** Running exports of one user. */
  readonly perUser: number;
  readonly leaseSeconds: number;
}

/**
 * The queue as the worker sees it: one method per SQL function. Times are the database's own. Each is a statement of
 * its own by the pool's login, which owns the functions: one round trip where a transaction with the service's rights
 * is four, and the functions say themselves what they do.
 */
export function openExportQueue(pool: Pool) {
  // Named, so that each connection parses and plans it once: these are the statements that every export waits for.
  const call = async <T extends object>(name: string, text: string, values: unknown[]) =>
    (await pool.query<T>({ name, text, values })).rows;
  const one = async <T extends object>(...statement: Parameters<typeof call>): Promise<T> => {
    const [row] = await call<T>(...statement);
    if (!row) throw new Error('the database answered without a row');
    return row;
  };

  return {
    /** At most one; which one, the database decides, so that limits are exact and nobody is left behind. */
    async claim(limits: ClaimLimits): Promise<ClaimedExport[]> {
      const { worker, total, perUser, leaseSeconds } = limits;
      return call<ClaimedExport>(
        'claim_export',
        `select id, project_id as "projectId", requested_by as "requestedBy", attempt,
          lease_token as "leaseToken", snapshot, options
        from claim_export($1, $2, $3, $4)`,
        [worker, total, perUser, leaseSeconds],
      );
    },

    async heartbeat({ id, leaseToken }: ClaimedExport, leaseSeconds: number, progress: Progress) {
      const { answer } = await one<{ answer: { ok: boolean; cancelRequested?: boolean } }>(
        'heartbeat_export',
        'select heartbeat_export($1, $2, $3, $4) as answer',
        [id, leaseToken, leaseSeconds, JSON.stringify(progress)],
      );
      return { ok: answer.ok, cancelRequested: answer.cancelRequested ?? false };
    },

    async advance({ id, leaseToken }: ClaimedExport, to: ExportStatus): Promise<boolean> {
      const { ok } = await one<{ ok: boolean }>(
        'advance_export',
        'select advance_export($1, $2, $3) as ok',
        [id, leaseToken, to],
      );
      return ok;
    },

    async storePeaks({ id, leaseToken }: ClaimedExport, peaks: ExportPeaks): Promise<boolean> {
      const { ok } = await one<{ ok: boolean }>(
        'store_export_peaks',
        'select store_export_peaks($1, $2, $3) as ok',
        [id, leaseToken, JSON.stringify(peaks)],
      );
      return ok;
    },

    /** Notes what the export's file follows from; null: lease lost. */
    async findReusable({ id, leaseToken }: ClaimedExport, contentKey: string) {
      const { answer } = await one<{ answer: { found: Reusable | null } | null }>(
        'find_reusable_export',
        'select find_reusable_export($1, $2, $3) as answer',
        [id, leaseToken, contentKey],
      );
      return answer;
    },

    /** Completes with a copy of another export's file; `gone`: that one may not be handed on any more; null: lease lost. */
    async reuse(
      { id, leaseToken }: ClaimedExport,
      sourceId: string,
      result: StoredResult,
      objectKey: string,
    ) {
      const { outcome } = await one<{ outcome: 'reused' | 'gone' | null }>(
        'reuse_export',
        'select reuse_export($1, $2, $3, $4, $5) as outcome',
        [id, leaseToken, sourceId, JSON.stringify(result), objectKey],
      );
      return outcome;
    },

    async complete({ id, leaseToken }: ClaimedExport, result: StoredResult, objectKey: string) {
      const { ok } = await one<{ ok: boolean }>(
        'complete_export',
        'select complete_export($1, $2, $3, $4) as ok',
        [id, leaseToken, JSON.stringify(result), objectKey],
      );
      return ok;
    },

    /** The status now: `queued` if it will be tried again, `canceled` if somebody wished so; null: lease lost. */
    async fail(
      { id, leaseToken }: ClaimedExport,
      { code, message, retryable }: { code: string; message: string; retryable: boolean },
    ): Promise<string | null> {
      const { status } = await one<{ status: string | null }>(
        'fail_export',
        'select fail_export($1, $2, $3, $4, $5) as status',
        [id, leaseToken, code, message, retryable],
      );
      return status;
    },

    /** Back into the queue without counting the attempt. */
    async release({ id, leaseToken }: ClaimedExport): Promise<void> {
      await one('release_export', 'select release_export($1, $2)', [id, leaseToken]);
    },

    async reap(): Promise<number> {
      return (await one<{ count: number }>('reap_exports', 'select reap_exports() as count', []))
        .count;
    },

    /** Object storage keys by asset id; an asset that was deleted meanwhile is missing. */
    assetKeys: (ids: readonly string[]): Promise<Record<string, string>> =>
      asService(pool, async (trx) => {
        const { rows } = await sql<{ id: string; key: string }>`
          select id, storage_key as key from daw_assets where id = any(${ids})`.execute(trx);
        return Object.fromEntries(rows.map(({ id, key }) => [id, key]));
      }),

    counts: (): Promise<Partial<Record<ExportStatus, number>>> =>
      asService(pool, async (trx) => {
        const { rows } = await sql<{ status: ExportStatus; count: number }>`
          select status, count(*)::int as count from daw_exports group by status`.execute(trx);
        return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
      }),
  };
}

export type ExportQueue = ReturnType<typeof openExportQueue>;
