import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { asService, asUser, type Claims, kyselyOf } from '../as-role.ts';
import { createTestUser, type TestUser } from '../testing.ts';

/** A project with one track, one asset and clip, and a chain of two plugins. */
export interface Scene {
  readonly owner: TestUser;
  readonly projectId: string;
  readonly trackId: string;
  readonly assetId: string;
  readonly pluginIds: readonly [string, string];
}

export async function createScene(pool: Pool, given?: TestUser): Promise<Scene> {
  const owner = given ?? (await createTestUser(pool));
  const ids = {
    projectId: randomUUID(),
    trackId: randomUUID(),
    assetId: randomUUID(),
    pluginIds: [randomUUID(), randomUUID()] as const,
  };
  await asUser(pool, owner.claims, async (trx) => {
    const { projectId: project_id, trackId: track_id, assetId: asset_id } = ids;
    await trx
      .insertInto('daw_projects')
      .values({ id: project_id, owner_id: owner.id, name: 'Song', tempo: 97.5 })
      .execute();
    await trx
      .insertInto('daw_tracks')
      .values({ id: track_id, project_id, name: 'Bass', position: 0, color: 'teal' })
      .execute();
    await trx
      .insertInto('daw_assets')
      .values({
        id: asset_id,
        project_id,
        name: 'bass.wav',
        channels: 2,
        sample_rate: 48_000,
        frames: 96_000,
        source_format: 'wav',
        source_sample_rate: 44_100,
        bytes: 768_000,
        sha256: 'a'.repeat(64),
      })
      .execute();
    await trx
      .insertInto('daw_clips')
      .values({ project_id, track_id, asset_id, start_frame: 0, length_frames: 96_000 })
      .execute();
    for (const [position, id] of ids.pluginIds.entries()) {
      await trx
        .insertInto('daw_plugins')
        .values({
          id,
          project_id,
          track_id,
          position,
          catalog_id: 'mixdown.delay',
          version: '1.0.0',
          integrity: 'b'.repeat(64),
          params: { time: 250.5 },
        })
        .execute();
    }
  });
  return { owner, ...ids };
}

export interface ExportAnswer {
  readonly id?: string;
  readonly status?: string;
  readonly replayed?: boolean;
  readonly cancelRequested?: boolean;
  readonly refusal?: { code: string; detail: string; retryAfterSeconds?: number; extra?: object };
}

export async function requestExport(
  pool: Pool,
  claims: Claims,
  projectId: string,
  o: { key?: string; fingerprint?: string } = {},
): Promise<ExportAnswer> {
  const key = o.key ?? randomUUID();
  const { rows } = await asUser(pool, claims, (trx) =>
    sql<{ answer: ExportAnswer }>`select daw_request_export(${projectId}, ${key},
      ${o.fingerprint ?? 'f'}, '{"format": "wav"}', '{}') as answer`.execute(trx),
  );
  return rows[0]?.answer ?? {};
}

/** Calls a function of the service and returns its one value. */
export async function service<T>(pool: Pool, call: ReturnType<typeof sql>): Promise<T> {
  const { rows } = await asService(pool, (trx) =>
    sql<{ value: T }>`select ${call} as value`.execute(trx),
  );
  return rows[0]?.value as T;
}

/** Calls a function as a user and returns its one value. */
export async function call<T>(
  pool: Pool,
  claims: Claims,
  text: ReturnType<typeof sql>,
): Promise<T> {
  const { rows } = await asUser(pool, claims, (trx) =>
    sql<{ value: T }>`select ${text} as value`.execute(trx),
  );
  return rows[0]?.value as T;
}

export interface Claimed {
  readonly id: string;
  readonly lease_token: number;
  readonly attempt: number;
  readonly requested_by: string;
  readonly project_id: string;
}

export interface ClaimOptions {
  readonly worker?: string;
  readonly slots?: number;
  readonly perUser?: number;
  readonly leaseSeconds?: number;
}

export async function claim(pool: Pool, o: ClaimOptions = {}): Promise<Claimed | undefined> {
  const { rows } = await asService(pool, (trx) =>
    sql<Claimed>`select id, lease_token, attempt, requested_by, project_id from claim_export(
      ${o.worker ?? 'w1'}, ${o.slots ?? 4}, ${o.perUser ?? 2}, ${o.leaseSeconds ?? 30})`.execute(
      trx,
    ),
  );
  return rows[0];
}

/** Makes a lease lapse, or whatever else only time would do. As the superuser. */
export const rewrite = (pool: Pool, id: string, values: Record<string, unknown>) =>
  kyselyOf(pool).updateTable('daw_exports').set(values).where('id', '=', id).execute();
