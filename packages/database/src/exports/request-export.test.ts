import { randomUUID } from 'node:crypto';
import { ProjectSnapshot } from '@mixdown/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asService, asUser, kyselyOf } from '../as-role.ts';
import {
  call,
  createScene,
  requestExport,
  rewrite,
  type Scene,
  service,
} from '../testing/scene.ts';
import { createTestDatabase, createTestUser, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  scene = await createScene(db.pool);
});
afterAll(() => db.drop());

const request = (o: { key?: string; fingerprint?: string } = {}) =>
  requestExport(db.pool, scene.owner.claims, scene.projectId, o);
const rowsOf = (projectId: string) =>
  kyselyOf(db.pool)
    .selectFrom('daw_exports')
    .selectAll()
    .where('project_id', '=', projectId)
    .execute();

describe('daw_request_export', () => {
  it('stores the snapshot, the options and one event, and queues', async () => {
    const answer = await request();
    expect(answer).toEqual({ id: expect.any(String), status: 'queued', replayed: false });
    const [row] = await rowsOf(scene.projectId);
    expect(row).toMatchObject({
      id: answer.id,
      project_name: 'Song',
      snapshot_seq: 0,
      options: { format: 'wav' },
      attempt: 0,
      progress: { stage: 'queued', fraction: 0, etaSeconds: null },
    });
    const snapshot = ProjectSnapshot.parse(row?.snapshot);
    expect(snapshot.plugins.map(({ id }) => id)).toEqual(scene.pluginIds);
    const events = await kyselyOf(db.pool)
      .selectFrom('daw_export_events')
      .selectAll()
      .where('export_id', '=', answer.id as string)
      .execute();
    expect(events).toMatchObject([
      {
        from_status: null,
        to_status: 'queued',
        attempt: 0,
        actor: `user:${scene.owner.id}`,
        reason: 'requested',
      },
    ]);
  });

  it('replays the same key, with the status of now, and refuses it for something else', async () => {
    const key = randomUUID();
    const first = await request({ key });
    await call(db.pool, scene.owner.claims, sql`cancel_export(${first.id})`);
    expect(await request({ key })).toEqual({ id: first.id, status: 'canceled', replayed: true });
    expect((await request({ key, fingerprint: 'other' })).refusal?.code).toBe(
      'idempotency_key_reused',
    );
    expect(await rowsOf(scene.projectId)).toHaveLength(1);
  });

  it('makes one export of 50 parallel duplicates', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => request({ key })));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(await rowsOf(scene.projectId)).toHaveLength(1);
  });

  it('keeps keys apart by project and by user', async () => {
    const key = randomUUID();
    const other = await createScene(db.pool);
    const editor = await createTestUser(db.pool);
    await kyselyOf(db.pool)
      .insertInto('daw_project_members')
      .values({ project_id: scene.projectId, user_id: editor.id, role: 'editor' })
      .execute();
    const ids = [
      (await request({ key })).id,
      (await requestExport(db.pool, other.owner.claims, other.projectId, { key })).id,
      (await requestExport(db.pool, editor.claims, scene.projectId, { key })).id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('holds the quota exactly, also against 30 parallel requests, and replays beyond it', async () => {
    const key = randomUUID();
    await request({ key });
    const answers = await Promise.all(Array.from({ length: 30 }, () => request()));
    expect(answers.filter(({ id }) => id)).toHaveLength(9);
    expect(answers.find(({ refusal }) => refusal)?.refusal).toMatchObject({
      code: 'quota_exceeded',
      retryAfterSeconds: 30,
      extra: { queued: 10, limit: 10 },
    });
    expect((await request({ key })).replayed).toBe(true);
  });

  it.each([
    ['an unknown format', { format: 'exe' }],
    ['no object', 'wav'],
    ['a flood', { format: 'wav', note: 'x'.repeat(5000) }],
  ])('refuses %s for options, whoever calls', async (_name, options) => {
    await expect(
      asUser(db.pool, scene.owner.claims, (trx) =>
        sql`select daw_request_export(${scene.projectId}, ${randomUUID()}, 'f',
          ${JSON.stringify(options)}::jsonb, '{}'::jsonb)`.execute(trx),
      ),
    ).rejects.toMatchObject({ constraint: 'daw_exports_options' });
    expect(await rowsOf(scene.projectId)).toEqual([]);
  });

  it('refuses more than an hour, whoever calls, and a range of it is fine', async () => {
    await db.pool.query(
      'update daw_clips set length_frames = 48000::bigint * 3601 where project_id = $1',
      [scene.projectId],
    );
    const { rows } = await db.pool.query('select from daw_clips where project_id = $1', [
      scene.projectId,
    ]);
    expect(rows.length).toBeGreaterThan(0);
    const ask = (range: object) =>
      asUser(db.pool, scene.owner.claims, (trx) =>
        sql`select daw_request_export(${scene.projectId}, ${randomUUID()}, 'f',
          ${JSON.stringify({ format: 'wav', range })}::jsonb, '{}'::jsonb)`.execute(trx),
      );
    await expect(ask({ kind: 'all' })).rejects.toMatchObject({ constraint: 'daw_exports_size' });
    await expect(ask({ kind: 'frames', startFrame: 0, endFrame: 1e15 })).rejects.toMatchObject({
      constraint: 'daw_exports_size',
    });
    await db.pool.query('update daw_clips set length_frames = 1 where project_id = $1', [
      scene.projectId,
    ]);
    await expect(ask({ kind: 'frames', startFrame: 0, endFrame: 1e15 })).rejects.toMatchObject({
      constraint: 'daw_exports_size',
    });
    await ask({ kind: 'frames', startFrame: 0, endFrame: 48_000 });
    expect(await rowsOf(scene.projectId)).toHaveLength(1);
  });

  it('refuses more tracks of a length than one export may have, whoever calls', async () => {
    // Two seconds of two tracks are four, and three are allowed.
    const { rows } = await db.pool.query(
      "insert into daw_tracks (project_id, name, position, color) values ($1, 'Pads', 1, 'rose') returning id",
      [scene.projectId],
    );
    await db.pool.query(
      'insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames) values ($1, $2, $3, 0, 48000)',
      [scene.projectId, rows[0].id, scene.assetId],
    );
    await service(db.pool, sql`set_setting('export_most_track_seconds', '3')`);
    try {
      await expect(request()).rejects.toMatchObject({ constraint: 'daw_exports_work' });
      await db.pool.query('delete from daw_tracks where id = $1', [rows[0].id]);
      expect((await request()).status).toBe('queued');
    } finally {
      await db.pool.query("delete from private.settings where key = 'export_most_track_seconds'");
    }
  });

  it('takes the quota from the settings', async () => {
    await service(db.pool, sql`set_setting('export_queued_per_user', '1')`);
    try {
      expect((await request()).id).toBeDefined();
      expect((await request()).refusal?.extra).toEqual({ queued: 1, limit: 1 });
    } finally {
      await service(db.pool, sql`set_setting('export_queued_per_user', '10')`);
    }
  });

  it('answers a duplicate in time when the first does not come to an end', async () => {
    const key = randomUUID();
    const busy = await asUser(db.pool, scene.owner.claims, async (trx) => {
      await sql`select daw_request_export(${scene.projectId}, ${key}, 'f', '{}', '{}')`.execute(
        trx,
      );
      return request({ key });
    });
    expect(busy.refusal).toMatchObject({ code: 'idempotency_key_busy', retryAfterSeconds: 1 });
    expect((await request({ key })).replayed).toBe(true);
  });

  it('replays at once while another request of the same person is being handled', async () => {
    const key = randomUUID();
    const { id } = await request({ key });
    const replay = await asUser(db.pool, scene.owner.claims, async (trx) => {
      await sql`select daw_request_export(${scene.projectId}, ${randomUUID()}, 'f', '{}', '{}')`.execute(
        trx,
      );
      return request({ key });
    });
    expect(replay).toEqual({ id, status: 'queued', replayed: true });
  });

  it('is judged again when it is its turn: who was suspended meanwhile is refused', async () => {
    let asked: Promise<unknown> = Promise.resolve();
    await asService(db.pool, async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('daw_exports of ' || ${scene.owner.id}, 0))`.execute(
        trx,
      );
      asked = request();
      // It has passed its first check once it waits for the lock.
      const waiting = async () =>
        (
          await db.pool.query(
            `select from pg_locks l where locktype = 'advisory' and not granted
               and l.database = (select oid from pg_database where datname = current_database())`,
          )
        ).rows.length;
      await expect.poll(waiting, { interval: 20 }).toBe(1);
      await db.pool.query(
        "insert into daw_export_suspensions (user_id, reason, suspended_by) values ($1, 'many', $1)",
        [scene.owner.id],
      );
    });
    expect(await asked).toMatchObject({ refusal: { code: 'forbidden' } });
    expect(await rowsOf(scene.projectId)).toEqual([]);
  });

  it('hides projects from strangers, refuses clients, guests and the suspended', async () => {
    const codeFor = async (user: { claims: Parameters<typeof requestExport>[1] }) =>
      (await requestExport(db.pool, user.claims, scene.projectId)).refusal?.code;
    const add = (id: string, role: 'editor' | 'client') =>
      kyselyOf(db.pool)
        .insertInto('daw_project_members')
        .values({ project_id: scene.projectId, user_id: id, role })
        .execute();
    const stranger = await createTestUser(db.pool);
    expect(await codeFor(stranger)).toBe('not_found');
    await add(stranger.id, 'client');
    expect(await codeFor(stranger)).toBe('forbidden');
    const account = await createTestUser(db.pool, 'client');
    await add(account.id, 'editor');
    expect(await codeFor(account)).toBe('forbidden');
    expect(await codeFor(await createTestUser(db.pool, 'guest'))).toBe('guest_not_allowed');
    await kyselyOf(db.pool)
      .insertInto('daw_export_suspensions')
      .values({ user_id: scene.owner.id, reason: 'many', suspended_by: stranger.id })
      .execute();
    expect(await codeFor(scene.owner)).toBe('forbidden');
    expect(await rowsOf(scene.projectId)).toEqual([]);
  });

  it('forgets keys after a day, and keeps the row', async () => {
    const key = randomUUID();
    const { id } = await request({ key });
    await rewrite(db.pool, id as string, { created_at: new Date(Date.now() - 25 * 3_600_000) });
    await service(db.pool, sql`reap_exports()`);
    expect((await request({ key })).replayed).toBe(false);
    expect(await rowsOf(scene.projectId)).toHaveLength(2);
  });

  it('looks at few rows of a project that has been exported 500 times since its plan was made', async () => {
    const client = await db.pool.connect();
    const enqueue = async () => {
      const { rows } = await client.query(
        `select private.enqueue_export($1, $2, 'f', '{"format": "wav"}', '{}', '{}', 'Song', 0) as answer`,
        [scene.projectId, randomUUID()],
      );
      expect(rows[0].answer.status).toBe('queued');
    };
    const fetched = async (): Promise<number> =>
      (
        await client.query(
          `select sum(pg_stat_get_xact_tuples_fetched(indexrelid))::int as rows from pg_index
          where indrelid = 'daw_exports'::regclass`,
        )
      ).rows[0].rows;
    try {
      await db.pool.query('truncate daw_exports cascade');
      await client.query('begin');
      await client.query("select set_config('request.jwt.claims', $1, true)", [
        JSON.stringify(scene.owner.claims),
      ]);
      // From the sixth time on the plan is the connection's.
      for (let n = 0; n < 6; n++) await enqueue();
      await client.query(
        `insert into daw_exports (project_id, project_name, requested_by, idempotency_key, fingerprint, snapshot,
          snapshot_seq, options)
        select $1, 'Song', $2, 'key-of-the-past-' || n, 'f', '{}', 0, '{}' from generate_series(1, 500) n`,
        [scene.projectId, scene.owner.id],
      );
      await client.query("update daw_exports set status = 'canceled' where project_id = $1", [
        scene.projectId,
      ]);
      await client.query('delete from private.export_turns');
      const before = await fetched();
      await enqueue();
      expect((await fetched()) - before).toBeLessThan(100);
      await client.query('rollback');
    } finally {
      client.release(true);
    }
  });
});
