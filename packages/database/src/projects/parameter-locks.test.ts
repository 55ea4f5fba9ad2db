import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asService, asUser, kyselyOf } from '../as-role.ts';
import { call, createScene, type Scene } from '../testing/scene.ts';
import {
  createTestDatabase,
  createTestUser,
  type TestDatabase,
  type TestUser,
} from '../testing.ts';

interface Answer {
  readonly ok?: boolean;
  readonly fence?: number;
  readonly ttlMs?: number;
  readonly holder?: string;
  readonly userId?: string;
  readonly refusal?: { code: string };
}

let db: TestDatabase;
let scene: Scene;
let ana: TestUser;
let plugin: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await kyselyOf(db.pool).deleteFrom('daw_projects').execute();
  scene = await createScene(db.pool);
  plugin = scene.pluginIds[0];
  ana = await createTestUser(db.pool);
  await kyselyOf(db.pool)
    .insertInto('daw_project_members')
    .values({ project_id: scene.projectId, user_id: ana.id, role: 'editor' })
    .execute();
});
afterAll(() => db.drop());

const acquire = (user: TestUser, session: string, force = false) =>
  call<Answer>(db.pool, user.claims, sql`daw_acquire_lock(${plugin}, ${session}, 10000, ${force})`);
const release = (user: TestUser, session: string, fence: number) =>
  call<boolean>(db.pool, user.claims, sql`daw_release_lock(${plugin}, ${session}, ${fence})`);
const write = (
  user: TestUser,
  session: string,
  fence: number,
  params: object,
  opId: string = randomUUID(),
) =>
  call<number | null>(
    db.pool,
    user.claims,
    sql`daw_write_params(${plugin}, ${session}, ${fence}, ${JSON.stringify(params)}::jsonb, ${opId})`,
  );
const lapse = () =>
  db.pool.query("update daw_plugin_locks set expires_at = now() - interval '1 ms'");
const state = () =>
  kyselyOf(db.pool)
    .selectFrom('daw_plugins')
    .select(['params', 'fence'])
    .where('id', '=', plugin)
    .executeTakeFirstOrThrow();
const held = async (user: TestUser) =>
  (
    await asUser(db.pool, user.claims, (trx) =>
      sql<Record<string, unknown>>`select * from daw_project_locks(${scene.projectId})`.execute(
        trx,
      ),
    )
  ).rows;

describe('a lock', () => {
  it('lasts a minute at most without being renewed, whatever is asked for', async () => {
    const forAges = 2_000_000_000;
    const { owner } = scene;
    const asked = sql`daw_acquire_lock(${plugin}, 'tab-1', ${forAges})`;
    expect(await call<Answer>(db.pool, owner.claims, asked)).toMatchObject({ ttlMs: 60_000 });
    await asUser(db.pool, owner.claims, (trx) =>
      sql`select daw_renew_locks(array['tab-1'], ${forAges})`.execute(trx),
    );
    const { rows } = await db.pool.query<{ soon: boolean }>(
      "select expires_at <= clock_timestamp() + interval '1 minute' as soon from daw_plugin_locks",
    );
    expect(rows).toEqual([{ soon: true }]);
  });

  it('is held by one session; others learn who holds it and for how long', async () => {
    expect(await acquire(scene.owner, 'tab-1')).toEqual({
      ok: true,
      fence: 1,
      ttlMs: 10_000,
      n: 0,
    });
    expect(await acquire(ana, 'tab-2')).toEqual({
      ok: false,
      holder: 'tab-1',
      userId: scene.owner.id,
      fence: 1,
      ttlMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 10_000),
    });
    expect(await acquire(scene.owner, 'tab-3')).toMatchObject({ ok: false, holder: 'tab-1' });
    expect(await held(ana)).toMatchObject([
      { plugin_id: plugin, session_id: 'tab-1', user_id: scene.owner.id, fence: 1 },
    ]);
  });

  it('goes to exactly one of 20 that ask together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => acquire(n % 2 ? ana : scene.owner, `tab-${n}`)),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await state()).fence).toBe(1);
  });

  it('keeps its fence for the same session, and gets a higher one with every change of holder', async () => {
    expect((await acquire(scene.owner, 'tab-1')).fence).toBe(1);
    expect((await acquire(scene.owner, 'tab-1')).fence).toBe(1);
    expect(await release(ana, 'tab-1', 1)).toBe(false);
    expect(await release(scene.owner, 'tab-1', 1)).toBe(true);
    expect((await acquire(ana, 'tab-2')).fence).toBe(2);
    await lapse();
    expect((await acquire(scene.owner, 'tab-1')).fence).toBe(3);
    expect(await release(ana, 'tab-2', 2)).toBe(false);
    expect((await state()).fence).toBe(3);
  });

  it('cannot be taken by another user who knows the session', async () => {
    await acquire(scene.owner, 'tab-1');
    expect(await acquire(ana, 'tab-1')).toMatchObject({ ok: false });
    expect(await write(ana, 'tab-1', 1, { time: 1 })).toBeNull();
  });

  it('is forced by the owner alone', async () => {
    await acquire(ana, 'tab-2');
    expect(await acquire(scene.owner, 'tab-1', true)).toMatchObject({ ok: true, fence: 2 });
    expect((await acquire(ana, 'tab-2', true)).refusal?.code).toBe('forbidden');
    expect(await write(ana, 'tab-2', 1, { time: 1 })).toBeNull();
  });

  it('is renewed for all plugins of living sessions, and swept when it lapses', async () => {
    await acquire(scene.owner, 'tab-1');
    await lapse();
    const renew = () =>
      asService(db.pool, (trx) =>
        sql`select * from daw_renew_locks(${['tab-1']}, 10000)`.execute(trx),
      ).then(({ rows }) => rows);
    expect(await renew()).toEqual([]);
    const swept = await asService(db.pool, (trx) => sql`select * from sweep_locks()`.execute(trx));
    expect(swept.rows).toEqual([{ plugin_id: plugin, project_id: scene.projectId, fence: 1 }]);
    await acquire(scene.owner, 'tab-1');
    expect(await renew()).toEqual([{ plugin_id: plugin, session_id: 'tab-1', fence: 2 }]);
  });

  it('is not for those who do not edit', async () => {
    const client = await createTestUser(db.pool, 'client');
    await kyselyOf(db.pool)
      .insertInto('daw_project_members')
      .values({ project_id: scene.projectId, user_id: client.id, role: 'client' })
      .execute();
    for (const user of [
      client,
      await createTestUser(db.pool),
      await createTestUser(db.pool, 'admin'),
    ]) {
      expect((await acquire(user, 'tab')).refusal?.code).toBe('not_found');
    }
  });
});

describe('a parameter write', () => {
  it('merges, takes the next seq and stands in the log', async () => {
    const { fence } = (await acquire(ana, 'tab-2')) as { fence: number };
    expect(await write(ana, 'tab-2', fence, { feedback: 35 })).toBe(1);
    expect(await write(ana, 'tab-2', fence, { time: 120 })).toBe(2);
    expect((await state()).params).toEqual({ time: 120, feedback: 35 });
    const [operation] = await kyselyOf(db.pool)
      .selectFrom('daw_operations')
      .selectAll()
      .where('project_id', '=', scene.projectId)
      .execute();
    expect(operation).toMatchObject({
      seq: 1,
      kind: 'plugin.params',
      actor: ana.id,
      payload: { pluginId: plugin, fence: 1, patch: { params: { feedback: 35 } } },
    });
  });

  it('with a stale fence, another session, or after the lease writes nothing at all', async () => {
    await acquire(ana, 'tab-2');
    expect(await write(ana, 'tab-2', 0, { time: 1 })).toBeNull();
    expect(await write(ana, 'tab-9', 1, { time: 1 })).toBeNull();
    await lapse();
    expect(await write(ana, 'tab-2', 1, { time: 1 })).toBeNull();
    expect((await state()).params).toEqual({ time: 250.5 });
    const { seq } = await kyselyOf(db.pool)
      .selectFrom('daw_projects')
      .select('seq')
      .where('id', '=', scene.projectId)
      .executeTakeFirstOrThrow();
    expect(seq).toBe(0);
  });

  it('never interleaves with take-overs: each write in the log was made under the fence of its time', async () => {
    const editors = [scene.owner, ana];
    await Promise.all(
      editors.flatMap((user, u) =>
        [0, 1].map(async (tab) => {
          for (let n = 0; n < 15; n++) {
            const session = `tab-${u}-${tab}`;
            const { ok, fence } = await acquire(user, session);
            if (!ok || fence === undefined) continue;
            await write(user, session, fence, { time: n });
            if (n % 3 === 0) await release(user, session, fence);
            if (n % 5 === 0) await acquire(scene.owner, 'force', true);
          }
        }),
      ),
    );
    const log = await kyselyOf(db.pool)
      .selectFrom('daw_operations')
      .select(['seq', 'payload'])
      .where('project_id', '=', scene.projectId)
      .orderBy('seq')
      .execute();
    const fences = log.map(({ payload }) => payload.fence as number);
    expect(log.length).toBeGreaterThan(0);
    expect(fences).toEqual([...fences].sort((a, b) => a - b));
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, n) => n + 1));
  });
});
