import { createHash } from 'node:crypto';
import type { Cluster } from '../support/cluster/cluster.ts';
import type { Accepted } from '../support/cluster/people.ts';

/** What a storm has done to the promises. All of these are 0, or something is broken. */
export interface Damage {
  /** Accepted, and not there to download in the end. */
  readonly lost: number;
  /** Completed twice, more rows than accepted requests, or more than one object that somebody could download. */
  readonly doubled: number;
  /** Moments at which more ran than the limits allow, as the log of states says. */
  readonly overLimit: number;
  /** Files that are not what their row says, or not the same bytes as their siblings'. */
  readonly wrong: number;
  /** Steps in the log that do not follow from the one before. */
  readonly illegal: number;
  /** Uploads that are neither finished nor gone. */
  readonly halfUploaded: number;
}

interface Step {
  readonly id: string;
  readonly by: string;
  readonly from: string | null;
  readonly to: string;
}

const RUNNING = new Set(['rendering', 'encoding', 'uploading']);

/** Replays the log in its order and counts moments over a limit, and steps that start where none has ended. */
export function replay(
  steps: readonly Step[],
  limits: { readonly slots: number; readonly perUser: number },
): { overLimit: number; illegal: number } {
  const state = new Map<string, string>();
  const running = new Map<string, number>();
  let all = 0;
  let overLimit = 0;
  let illegal = 0;
  for (const { id, by, from, to } of steps) {
    if ((state.get(id) ?? null) !== from) illegal++;
    const change = Number(RUNNING.has(to)) - Number(RUNNING.has(from ?? ''));
    state.set(id, to);
    all += change;
    running.set(by, (running.get(by) ?? 0) + change);
    if (change > 0 && (all > limits.slots || (running.get(by) ?? 0) > limits.perUser)) overLimit++;
  }
  return { overLimit, illegal };
}

export async function inspect(
  cluster: Cluster,
  accepted: readonly Accepted[],
  limits: { readonly slots: number; readonly perUser: number },
): Promise<Damage> {
  const pool = cluster.pool();
  const { rows } = await pool.query<{
    id: string;
    status: string;
    key: string | null;
    project: string;
    result: { sha256: string; bytes: number } | null;
    completions: number;
  }>(
    `select e.id, e.status, e.object_key as key, e.project_id as project, e.result,
       (select count(*)::int from daw_export_events v where v.export_id = e.id and v.to_status = 'completed')
         as completions
     from daw_exports e`,
  );
  const { rows: steps } = await pool.query<Step>(
    `select v.export_id as id, e.requested_by as by, v.from_status as "from", v.to_status as "to"
     from daw_export_events v join daw_exports e on e.id = v.export_id order by v.id`,
  );
  const ids = new Set(accepted.map(({ id }) => id));
  const byId = new Map(rows.map((row) => [row.id, row]));
  let lost = 0;
  let wrong = 0;
  const shas = new Map<string, string>();
  for (const id of ids) {
    const row = byId.get(id);
    const object = cluster.s3.bucket.objects.get(row?.key ?? '');
    if (row?.status !== 'completed' || !object) {
      lost++;
      continue;
    }
    const sha256 = createHash('sha256').update(object.body).digest('hex');
    const sibling = shas.get(row.project) ?? sha256;
    shas.set(row.project, sibling);
    if (
      sha256 !== row.result?.sha256 ||
      object.body.length !== row.result.bytes ||
      sha256 !== sibling
    )
      wrong++;
  }
  const doubled =
    rows.filter(({ id, completions }) => completions > 1 || !ids.has(id)).length +
    (accepted.length - ids.size);
  return {
    lost,
    doubled,
    wrong,
    halfUploaded: cluster.s3.bucket.uploads.size,
    ...replay(steps, limits),
  };
}
