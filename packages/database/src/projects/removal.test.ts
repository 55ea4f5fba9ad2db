import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asUser, kyselyOf } from '../as-role.ts';
import { call, claim, createScene, requestExport, type Scene, service } from '../testing/scene.ts';
import { createTestDatabase, createTestUser, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await kyselyOf(db.pool).deleteFrom('daw_projects').execute();
  await db.pool.query('delete from private.orphaned_objects');
  scene = await createScene(db.pool);
});
afterAll(() => db.drop());

const orphans = async (): Promise<string[]> =>
  (await db.pool.query('select key from private.orphaned_objects order by key')).rows.map(
    ({ key }) => key,
  );
const remove = (id: string, claims = scene.owner.claims) =>
  asUser(db.pool, claims, (trx) => trx.deleteFrom('daw_projects').where('id', '=', id).execute());
const objectsOf = (assetId: string) => [
  `assets/${assetId}/audio.f32`,
  `assets/${assetId}/peaks.json`,
];
async function countAll(): Promise<Record<string, number>> {
  const tables = [
    'daw_projects',
    'daw_project_members',
    'daw_tracks',
    'daw_clips',
    'daw_assets',
    'daw_plugins',
    'daw_plugin_locks',
    'daw_operations',
    'daw_exports',
    'daw_export_events',
    'daw_export_shares',
  ];
  const counts = await Promise.all(
    tables.map(
      async (table) =>
        (await db.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n as number,
    ),
  );
  return Object.fromEntries(tables.map((table, n) => [table, counts[n] as number]));
}

describe('a project that is deleted', () => {
  it('takes all of its rows with it, and leaves its objects to the reaper', async () => {
    const { id } = await requestExport(db.pool, scene.owner.claims, scene.projectId);
    await requestExport(db.pool, scene.owner.claims, scene.projectId);
    await claim(db.pool);
    await call(
      db.pool,
      scene.owner.claims,
      sql`daw_acquire_lock(${scene.pluginIds[0]}, 'tab', 10000)`,
    );
    await call(
      db.pool,
      scene.owner.claims,
      sql`daw_append_operation(${scene.projectId}, gen_random_uuid(), 'x', '{}')`,
    );
    await asUser(db.pool, scene.owner.claims, (trx) =>
      trx
        .insertInto('daw_export_shares')
        .values({ export_id: id as string, project_id: scene.projectId })
        .execute(),
    );
    expect(Object.values(await countAll()).every((n) => n > 0)).toBe(true);
    await remove(scene.projectId);
    expect(Object.values(await countAll()).every((n) => n === 0)).toBe(true);
    // The second export never had a lease, so it cannot have an object.
    expect(await orphans()).toEqual([
      ...objectsOf(scene.assetId),
      `exports/${scene.projectId}/${id}/`,
    ]);
  });

  it('is only its owner’s to delete', async () => {
    const editor = await createTestUser(db.pool);
    await kyselyOf(db.pool)
      .insertInto('daw_project_members')
      .values({ project_id: scene.projectId, user_id: editor.id, role: 'editor' })
      .execute();
    await remove(scene.projectId, editor.claims);
    expect((await countAll()).daw_projects).toBe(1);
  });

  it('keeps audio that a copy of the demo still plays', async () => {
    await db.pool.query('update daw_projects set is_demo = true where id = $1', [scene.projectId]);
    const guest = await createTestUser(db.pool, 'guest');
    const copy = await call<string>(db.pool, guest.claims, sql`daw_copy_demo('Try it')`);
    await remove(scene.projectId);
    expect(await orphans()).toEqual([]);
    await remove(copy, guest.claims);
    expect(await orphans()).toEqual(objectsOf(scene.assetId));
  });

  it('goes with its owner’s account; guests go after a day, and keep all when they signed up', async () => {
    await db.pool.query('update daw_projects set is_demo = true where id = $1', [scene.projectId]);
    const [stays, goes, signedUp] = await Promise.all(
      [1, 2, 3].map(async () => {
        const guest = await createTestUser(db.pool, 'guest');
        await call(db.pool, guest.claims, sql`daw_copy_demo('Try it')`);
        return guest.id;
      }),
    );
    await db.pool.query(
      "update auth.users set created_at = now() - interval '2 days' where id = any ($1)",
      [[goes, signedUp]],
    );
    await db.pool.query(
      "update auth.users set is_anonymous = false, email = 'new@guest.test' where id = $1",
      [signedUp],
    );
    expect(await service(db.pool, sql`reap_guests()`)).toBe(1);
    const owners = await kyselyOf(db.pool).selectFrom('daw_projects').select('owner_id').execute();
    expect(owners.map(({ owner_id }) => owner_id).sort()).toEqual(
      [scene.owner.id, stays, signedUp].sort(),
    );
  });
});

describe('copies of the demo', () => {
  it('are one per guest, also when two tabs ask at once', async () => {
    await db.pool.query('update daw_projects set is_demo = true where id = $1', [scene.projectId]);
    const guest = await createTestUser(db.pool, 'guest');
    const ids = await Promise.all(
      [1, 2, 3, 4].map(() => call(db.pool, guest.claims, sql`daw_copy_demo('Try it')`)),
    );
    expect(new Set(ids).size).toBe(1);
    const two = [
      await call(db.pool, scene.owner.claims, sql`daw_copy_demo('A')`),
      await call(db.pool, scene.owner.claims, sql`daw_copy_demo('B')`),
    ];
    expect(new Set(two).size).toBe(2);
  });

  it('need a demo', async () => {
    expect(await call(db.pool, scene.owner.claims, sql`daw_copy_demo('A')`)).toBeNull();
  });
});

describe('orphaned objects', () => {
  it('are claimed by one reaper at a time, again after five minutes, and forgotten when gone', async () => {
    await db.pool.query(
      "insert into private.orphaned_objects (key, is_prefix) select 'k' || n, false from generate_series(1, 10) n",
    );
    await db.pool.query(
      "insert into private.orphaned_objects (key, is_prefix, due_at) values ('later', true, now() + interval '1 minute')",
    );
    const claimSome = () =>
      service<{ id: number }[]>(
        db.pool,
        sql`(select coalesce(json_agg(c), '[]') from claim_orphaned_objects(4) c)`,
      );
    const claims = await Promise.all([claimSome(), claimSome(), claimSome(), claimSome()]);
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(10);
    expect(await claimSome()).toEqual([]);
    await service(db.pool, sql`forget_orphaned_objects(${ids.slice(0, 9)}::bigint[])`);
    await db.pool.query(
      "update private.orphaned_objects set due_at = due_at - interval '6 minutes'",
    );
    expect((await claimSome()).map(({ id }) => id)).toContain(ids[9]);
    expect(await orphans()).toHaveLength(2);
  });
});
