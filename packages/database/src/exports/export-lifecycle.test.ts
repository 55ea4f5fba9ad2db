import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asService, kyselyOf } from '../as-role.ts';
import { listen } from '../listen.ts';
import {
  type Claimed,
  call,
  claim,
  createScene,
  type ExportAnswer,
  requestExport,
  rewrite,
  type Scene,
  service,
} from '../testing/scene.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
let scene: Scene;
let id: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await kyselyOf(db.pool).deleteFrom('daw_projects').execute();
  await db.pool.query('delete from private.orphaned_objects');
  scene = await createScene(db.pool);
  id = (await requestExport(db.pool, scene.owner.claims, scene.projectId)).id as string;
});
afterAll(() => db.drop());

const row = () =>
  kyselyOf(db.pool)
    .selectFrom('daw_exports')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
const events = async () =>
  (
    await kyselyOf(db.pool)
      .selectFrom('daw_export_events')
      .selectAll()
      .where('export_id', '=', id)
      .orderBy('id')
      .execute()
  ).map(
    (e) =>
      `${e.to_status} ${e.attempt} ${e.actor.replace(scene.owner.id, 'owner')}${e.reason ? ` ${e.reason}` : ''}`,
  );
const orphans = async () =>
  (
    await db.pool.query(
      'select key, is_prefix, due_at <= clock_timestamp() as due from private.orphaned_objects order by key',
    )
  ).rows;
const lapse = () => rewrite(db.pool, id, { lease_expires_at: new Date(Date.now() - 1_000) });
const available = () => rewrite(db.pool, id, { available_at: new Date(Date.now() - 1_000) });
const advance = (token: number, to: string) =>
  service<boolean>(db.pool, sql`advance_export(${id}, ${token}, ${to})`);
const complete = (token: number, key = `exports/${scene.projectId}/${id}/${token}.wav`) =>
  service<boolean>(
    db.pool,
    sql`complete_export(${id}, ${token}, '{"fileName": "Song.wav"}', ${key})`,
  );
const fail = (token: number, retryable = true) =>
  service<string | null>(
    db.pool,
    sql`fail_export(${id}, ${token}, 'render_failed', 'no', ${retryable})`,
  );
const heartbeat = (token: number, progress: object | null = null) =>
  service<{ ok: boolean; cancelRequested: boolean }>(
    db.pool,
    sql`heartbeat_export(${id}, ${token}, 30, ${progress === null ? null : JSON.stringify(progress)}::jsonb)`,
  );
const cancel = () => call<ExportAnswer>(db.pool, scene.owner.claims, sql`cancel_export(${id})`);
const retry = () => call<ExportAnswer>(db.pool, scene.owner.claims, sql`retry_export(${id})`);
const download = () =>
  call<Record<string, unknown>>(db.pool, scene.owner.claims, sql`daw_export_download(${id})`);
const reap = () => service<number>(db.pool, sql`reap_exports()`);
async function uploaded(): Promise<number> {
  const { lease_token } = (await claim(db.pool)) as Claimed;
  await advance(lease_token, 'encoding');
  await advance(lease_token, 'uploading');
  return lease_token;
}

describe('an export', () => {
  it('goes through all stages, each on record', async () => {
    const token = await uploaded();
    expect(await complete(token)).toBe(true);
    expect(await row()).toMatchObject({
      status: 'completed',
      attempt: 1,
      worker: null,
      lease_expires_at: null,
      object_key: `exports/${scene.projectId}/${id}/1.wav`,
      progress: { stage: 'completed', fraction: 1, etaSeconds: 0 },
      error: null,
    });
    expect(await events()).toEqual([
      'queued 0 user:owner requested',
      'rendering 1 worker:w1 claimed',
      'encoding 1 worker:w1',
      'uploading 1 worker:w1',
      'completed 1 worker:w1',
    ]);
    expect(await download()).toMatchObject({
      objectKey: `exports/${scene.projectId}/${id}/1.wav`,
      fileName: 'Song.wav',
    });
  });

  it('is completed once, however often the worker says so, and only with the object of its lease', async () => {
    const token = await uploaded();
    await expect(complete(token, `exports/${scene.projectId}/${id}/9.wav`)).rejects.toThrow(
      'does not belong to lease 1',
    );
    expect([await complete(token), await complete(token)]).toEqual([true, true]);
    expect(await complete(token + 1)).toBe(false);
    expect((await events()).filter((line) => line.startsWith('completed'))).toHaveLength(1);
  });

  it('cannot skip stages', async () => {
    const { lease_token } = (await claim(db.pool)) as Claimed;
    await expect(advance(lease_token, 'uploading')).rejects.toThrow(
      'cannot become uploading from rendering',
    );
    await expect(advance(lease_token, 'completed')).rejects.toThrow(
      'a worker advances to encoding or uploading',
    );
    await expect(complete(lease_token)).rejects.toThrow('cannot become completed from rendering');
    expect((await row()).status).toBe('rendering');
  });

  it('keeps progress from falling back within an attempt, and begins anew in the next', async () => {
    const { lease_token } = (await claim(db.pool)) as Claimed;
    expect(await heartbeat(lease_token, { fraction: 0.5, etaSeconds: 9 })).toEqual({
      ok: true,
      cancelRequested: false,
    });
    await heartbeat(lease_token, { fraction: 0.2, etaSeconds: 7 });
    expect((await row()).progress).toEqual({ stage: 'rendering', fraction: 0.5, etaSeconds: 7 });
    await heartbeat(lease_token);
    await advance(lease_token, 'encoding');
    expect((await row()).progress).toEqual({ stage: 'encoding', fraction: 0.5, etaSeconds: 7 });
    await heartbeat(lease_token, { fraction: 7, etaSeconds: null });
    expect((await row()).progress.fraction).toBe(1);
    await fail(lease_token);
    expect((await row()).progress).toEqual({ stage: 'queued', fraction: 0, etaSeconds: null });
    await available();
    await claim(db.pool);
    expect((await row()).progress).toEqual({ stage: 'rendering', fraction: 0, etaSeconds: null });
  });

  it('is tried three times with growing pauses, then fails; its maker repeats it with three more', async () => {
    const pauses: number[] = [];
    for (const attempt of [1, 2, 3]) {
      const claimed = (await claim(db.pool)) as Claimed;
      expect(claimed).toMatchObject({ attempt, lease_token: attempt });
      expect(await fail(claimed.lease_token)).toBe(attempt < 3 ? 'queued' : 'failed');
      expect(await claim(db.pool)).toBeUndefined();
      const { rows } = await db.pool.query(
        'select extract(epoch from available_at - updated_at)::float as s from daw_exports where id = $1',
        [id],
      );
      pauses.push(rows[0].s);
      if (attempt < 3) await available();
    }
    expect(pauses[0]).toBeGreaterThan(4.9);
    expect(pauses[0]).toBeLessThanOrEqual(6);
    expect(pauses[1]).toBeGreaterThan(9.9);
    expect(pauses[1]).toBeLessThanOrEqual(12);
    expect(await row()).toMatchObject({
      status: 'failed',
      error: { code: 'render_failed', message: 'no' },
    });
    expect(await retry()).toEqual({ id, status: 'queued' });
    expect(await claim(db.pool)).toMatchObject({ id, attempt: 1, lease_token: 4 });
    expect(await row()).toMatchObject({ error: null, completed_at: null });
  });

  it('fails at once when another attempt would not help', async () => {
    const { lease_token } = (await claim(db.pool)) as Claimed;
    expect(await fail(lease_token, false)).toBe('failed');
    expect((await download()).refusal).toMatchObject({ code: 'export_not_ready' });
  });

  it('is handed back without counting the attempt', async () => {
    const { lease_token } = (await claim(db.pool)) as Claimed;
    expect(await service(db.pool, sql`release_export(${id}, ${lease_token})`)).toBe('queued');
    expect(await claim(db.pool, { worker: 'w2' })).toMatchObject({ attempt: 1, lease_token: 2 });
    expect(await service(db.pool, sql`release_export(${id}, ${lease_token})`)).toBeNull();
  });

  it('returns to the queue when its lease lapses, and a worker that comes back changes nothing', async () => {
    const token = await uploaded();
    expect(await reap()).toBe(0);
    await lapse();
    expect(await reap()).toBe(1);
    const second = (await claim(db.pool, { worker: 'w2' })) as Claimed;
    expect(second).toMatchObject({ id, attempt: 2, lease_token: token + 1 });
    const before = await row();
    expect(await heartbeat(token, { fraction: 1, etaSeconds: 0 })).toEqual({
      ok: false,
      cancelRequested: false,
    });
    expect(await advance(token, 'encoding')).toBe(false);
    expect(await complete(token)).toBe(false);
    expect(await fail(token)).toBeNull();
    expect(await row()).toEqual(before);
    // What it had uploaded will be removed; never what its successor uploads.
    expect(await orphans()).toEqual([
      { key: `exports/${scene.projectId}/${id}/1.`, is_prefix: true, due: false },
    ]);
  });

  it('fails with the third lost lease', async () => {
    for (const attempt of [1, 2, 3]) {
      expect((await claim(db.pool))?.attempt).toBe(attempt);
      await lapse();
      expect(await reap()).toBe(1);
    }
    expect(await row()).toMatchObject({ status: 'failed', error: { code: 'worker_lost' } });
    expect((await events()).slice(-1)).toEqual(['failed 3 reaper lease expired']);
  });

  it('is canceled at once while it waits', async () => {
    expect(await cancel()).toEqual({ id, status: 'canceled', cancelRequested: true });
    expect(await claim(db.pool)).toBeUndefined();
    expect(await cancel()).toMatchObject({ status: 'canceled' });
    expect(await retry()).toEqual({ id, status: 'queued' });
    expect(await retry()).toEqual({ id, status: 'queued' });
    expect(await claim(db.pool)).toMatchObject({ id });
  });

  it.each([
    ['fails', (token: number) => fail(token), 'canceled'],
    [
      'hands it back',
      (token: number) => service(db.pool, sql`release_export(${id}, ${token})`),
      'canceled',
    ],
    ['completes it', (token: number) => complete(token), false],
    ['is lost', () => lapse().then(reap), 1],
  ] as const)('is canceled when its worker, told so, %s', async (_, end, answer) => {
    const token = await uploaded();
    expect(await cancel()).toEqual({ id, status: 'uploading', cancelRequested: true });
    expect(await heartbeat(token)).toEqual({ ok: true, cancelRequested: true });
    expect(await end(token)).toBe(answer);
    expect(await row()).toMatchObject({ status: 'canceled', object_key: null, result: null });
    expect((await retry()).status).toBe('queued');
    expect(await row()).toMatchObject({ cancel_requested: false });
  });

  it('expires, and leaves its files to the reaper of objects', async () => {
    await complete(await uploaded());
    await rewrite(db.pool, id, { expires_at: new Date(Date.now() - 1_000) });
    expect((await download()).refusal).toMatchObject({ code: 'export_expired' });
    expect(await reap()).toBe(1);
    expect((await row()).status).toBe('expired');
    expect(await orphans()).toEqual([
      { key: `exports/${scene.projectId}/${id}/1.wav`, is_prefix: true, due: true },
    ]);
    expect((await cancel()).refusal?.code).toBe('illegal_transition');
  });

  it('that has expired is repeated from its own snapshot, and what is left of the first file is no part of it', async () => {
    await complete(await uploaded());
    const { snapshot } = await row();
    await rewrite(db.pool, id, { expires_at: new Date(Date.now() - 1_000) });
    await reap();
    expect(await retry()).toEqual({ id, status: 'queued' });
    expect(await row()).toMatchObject({
      result: null,
      object_key: null,
      peaks: null,
      expires_at: null,
      attempt: 0,
      snapshot,
    });
    expect(await complete(await uploaded())).toBe(true);
    const { object_key, status } = await row();
    expect([status, object_key]).toEqual(['completed', `exports/${scene.projectId}/${id}/2.wav`]);
    const [orphan] = await orphans();
    expect(object_key?.startsWith(orphan.key)).toBe(false);
  });

  it('is not repeated while it is being reviewed, and never once it was taken down', async () => {
    await cancel();
    await rewrite(db.pool, id, { quarantined_at: new Date() });
    expect((await retry()).refusal?.code).toBe('forbidden');
    await rewrite(db.pool, id, { quarantined_at: null });
    await retry();
    await complete(await uploaded());
    await rewrite(db.pool, id, { status: 'revoked' });
    expect((await retry()).refusal?.code).toBe('illegal_transition');
  });

  it('stays what was asked for, whoever writes', async () => {
    for (const change of [
      { snapshot: '{}' },
      { snapshot_seq: 9 },
      { options: '{"format": "mp3"}' },
      { fingerprint: 'other' },
    ]) {
      await expect(rewrite(db.pool, id, change)).rejects.toMatchObject({
        constraint: 'daw_exports_frozen',
      });
    }
  });

  it('keeps the rules of its row, whoever writes', async () => {
    const BROKEN: [Record<string, unknown>, string][] = [
      [{ attempt: -1 }, 'daw_exports_attempt_check'],
      [{ max_attempts: 0 }, 'daw_exports_max_attempts_check'],
      [{ lease_expires_at: new Date() }, 'daw_exports_lease'],
      [{ status: 'rendering' }, 'daw_exports_lease'],
      [{ status: 'failed' }, 'daw_exports_error'],
      [{ status: 'nonsense' }, 'daw_exports_transition'],
      [
        { idempotency_key: 'another key, and a malformed one' },
        'daw_exports_idempotency_key_check',
      ],
      [{ content_key: 'F'.repeat(64) }, 'daw_exports_content_key_shape'],
      [{ peaks: JSON.stringify(['a'.repeat(16_400)]) }, 'daw_exports_peaks_small'],
    ];
    for (const [change, constraint] of BROKEN) {
      await expect(rewrite(db.pool, id, change), constraint).rejects.toMatchObject({
        code: '23514',
        constraint,
      });
    }
    const token = await uploaded();
    await expect(
      rewrite(db.pool, id, { status: 'completed', lease_expires_at: null }),
    ).rejects.toMatchObject({ constraint: 'daw_exports_result' });
    expect(await complete(token)).toBe(true);
  });

  it.each([
    ['a short key', { idempotency_key: 'a'.repeat(15) }, 'daw_exports_idempotency_key_check'],
    ['a long key', { idempotency_key: 'a'.repeat(129) }, 'daw_exports_idempotency_key_check'],
    [
      'a key with a blank',
      { idempotency_key: 'sixteen and more' },
      'daw_exports_idempotency_key_check',
    ],
    ['no attempts', { max_attempts: 0 }, 'daw_exports_max_attempts_check'],
    ['a lease', { lease_expires_at: '2026-01-01T00:00:00Z' }, 'daw_exports_lease'],
  ])('is not born with %s', async (_, values, constraint) => {
    await expect(
      db.pool.query(
        `insert into daw_exports select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
           'idempotency_key', null) || $2)).* from daw_exports e where id = $1`,
        [id, values],
      ),
    ).rejects.toMatchObject({ code: '23514', constraint });
  });

  it('tells workers what is to be claimed, what is to stop and where there is room, and no more', async () => {
    const heard: string[] = [];
    const end = Promise.withResolvers<void>();
    const listener = await listen(db.url, ['daw_export_queue'], ({ payload }) => {
      if (payload === 'end') end.resolve();
      else heard.push(payload);
    });
    try {
      const other = await requestExport(db.pool, scene.owner.claims, scene.projectId);
      await complete(await uploaded());
      const { lease_token: token } = (await claim(db.pool, { worker: 'w2' })) as Claimed;
      await call(db.pool, scene.owner.claims, sql`cancel_export(${other.id})`);
      await service(db.pool, sql`release_export(${other.id}, ${token})`);
      await db.pool.query("select pg_notify('daw_export_queue', 'end')");
      await end.promise;
      expect(heard).toEqual([other.id, 'w1', other.id, 'w2']);
    } finally {
      await listener.close();
    }
  });

  it('lives as long as the settings say', async () => {
    await service(db.pool, sql`set_setting('export_retention_seconds', '3600')`);
    await complete(await uploaded());
    const { rows } = await db.pool.query(
      'select round(extract(epoch from expires_at - completed_at))::int as s from daw_exports where id = $1',
      [id],
    );
    expect(rows).toEqual([{ s: 3600 }]);
    await db.pool.query("delete from private.settings where key = 'export_retention_seconds'");
  });

  it('counts a repetition against the quota', async () => {
    await cancel();
    for (let n = 0; n < 10; n++) await requestExport(db.pool, scene.owner.claims, scene.projectId);
    expect((await retry()).refusal?.code).toBe('quota_exceeded');
  });

  it('is reaped by one at a time', async () => {
    await claim(db.pool);
    await lapse();
    const during = await asService(db.pool, async (trx) => {
      await sql`select reap_exports()`.execute(trx);
      return reap();
    });
    expect(during).toBe(0);
    expect((await row()).status).toBe('queued');
  });

  it('tells listeners of every change of status and of a wish to cancel', async () => {
    const client = await db.pool.connect();
    const heard: string[] = [];
    const listener = ({ channel, payload }: { channel: string; payload?: string | undefined }) =>
      void heard.push(`${channel} ${payload === id}`);
    client.on('notification', listener);
    try {
      await client.query('listen daw_exports; listen daw_export_progress');
      const { lease_token } = (await claim(db.pool)) as Claimed;
      await heartbeat(lease_token, { fraction: 0.5, etaSeconds: 1 });
      await cancel();
      await fail(lease_token);
      await client.query('unlisten *');
      expect(heard).toEqual([
        'daw_exports true',
        'daw_export_progress true',
        'daw_exports true',
        'daw_exports true',
      ]);
    } finally {
      client.off('notification', listener);
      client.release();
    }
  });
});
