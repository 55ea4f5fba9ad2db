import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asUser, kyselyOf } from '../as-role.ts';
import {
  type Claimed,
  claim,
  createScene,
  requestExport,
  rewrite,
  type Scene,
  service,
} from '../testing/scene.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => kyselyOf(db.pool).deleteFrom('daw_projects').execute());
afterAll(() => db.drop());

/** Users, each with a project and `waiting` exports, in the order of their names. */
async function queue(waiting: readonly number[]): Promise<Scene[]> {
  const scenes: Scene[] = [];
  for (const count of waiting) {
    const scene = await createScene(db.pool);
    for (let n = 0; n < count; n++) {
      const { id } = await requestExport(db.pool, scene.owner.claims, scene.projectId);
      expect(id).toBeDefined();
    }
    scenes.push(scene);
  }
  return scenes;
}
const finish = async ({ id, lease_token }: Claimed) =>
  expect(
    await service(db.pool, sql`fail_export(${id}, ${lease_token}, 'poison', 'x', false)`),
  ).toBe('failed');

describe('claim_export', () => {
  it('gives out a row under a new lease, and nothing from an empty queue', async () => {
    expect(await claim(db.pool)).toBeUndefined();
    await queue([1]);
    const claimed = await claim(db.pool, { worker: 'node-7', leaseSeconds: 30 });
    expect(claimed).toMatchObject({ attempt: 1, lease_token: 1 });
    const row = await kyselyOf(db.pool)
      .selectFrom('daw_exports')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      status: 'rendering',
      worker: 'node-7',
      progress: { stage: 'rendering', fraction: 0 },
    });
    const { rows } = await db.pool.query(
      "select lease_expires_at - clock_timestamp() between interval '20 s' and interval '30 s' as soon from daw_exports",
    );
    expect(rows).toEqual([{ soon: true }]);
    expect(await claim(db.pool)).toBeUndefined();
  });

  it.each([
    { slots: 3, perUser: 2 },
    { slots: 8, perUser: 1 },
    { slots: 100, perUser: 100 },
  ])(
    'never exceeds $slots slots or $perUser a user under 20 parallel connections',
    async ({ slots, perUser }) => {
      const users = await queue([10, 7, 3, 1, 5]);
      const exact = Math.min(
        slots,
        [10, 7, 3, 1, 5].reduce((sum, n) => sum + Math.min(n, perUser), 0),
      );
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          claim(db.pool, { worker: `w${n % 20}`, slots, perUser }),
        ),
      );
      const got = claims.filter((one) => one !== undefined);
      expect(got).toHaveLength(exact);
      expect(new Set(got.map(({ id }) => id)).size).toBe(exact);
      for (const { owner } of users) {
        expect(got.filter((one) => one.requested_by === owner.id).length).toBeLessThanOrEqual(
          perUser,
        );
      }
    },
  );

  it('runs everything exactly once, within limits at every moment, with 20 workers in parallel', async () => {
    await queue([10, 10, 4, 1]);
    const limits = { slots: 5, perUser: 2 };
    const seen: string[] = [];
    const worker = async (name: string): Promise<void> => {
      for (;;) {
        const claimed = await claim(db.pool, { worker: name, ...limits });
        if (!claimed) {
          const { rows } = await db.pool.query(
            "select from daw_exports where status = 'queued' limit 1",
          );
          if (rows.length === 0) return;
          continue;
        }
        seen.push(claimed.id);
        const { rows } = await db.pool.query(
          "select count(*)::int as n from daw_exports where status = 'rendering' group by grouping sets ((), (requested_by)) order by n desc",
        );
        expect(rows[0].n).toBeLessThanOrEqual(limits.slots);
        for (const { n } of rows.slice(1)) expect(n).toBeLessThanOrEqual(limits.slots);
        const perUser = await db.pool.query(
          "select max(n)::int as n from (select count(*) as n from daw_exports where status = 'rendering' group by requested_by) u",
        );
        expect(perUser.rows[0].n ?? 0).toBeLessThanOrEqual(limits.perUser);
        await finish(claimed);
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => worker(`w${n}`)));
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  it('serves whoever has the fewest running first, then whoever waited longest for a turn', async () => {
    const [many, few, newcomer] = (await queue([6, 2, 1])) as [Scene, Scene, Scene];
    const order: string[] = [];
    const names = new Map([
      [many.owner.id, 'many'],
      [few.owner.id, 'few'],
      [newcomer.owner.id, 'newcomer'],
    ]);
    for (let n = 0; n < 9; n++) {
      const claimed = (await claim(db.pool, { slots: 100, perUser: 100 })) as Claimed;
      order.push(names.get(claimed.requested_by) as string);
    }
    expect(order).toEqual([
      'many',
      'few',
      'newcomer',
      'many',
      'few',
      'many',
      'many',
      'many',
      'many',
    ]);
  });

  it('takes turns when each has nothing running, and starts a newcomer within as many starts as there are slots', async () => {
    const [a, b] = (await queue([5, 5])) as [Scene, Scene];
    const slots = 1;
    const turn = async () => {
      const claimed = (await claim(db.pool, { slots, perUser: 1 })) as Claimed;
      await finish(claimed);
      return claimed.requested_by;
    };
    expect([await turn(), await turn(), await turn()]).toEqual([
      a.owner.id,
      b.owner.id,
      a.owner.id,
    ]);
    const [newcomer] = (await queue([1])) as [Scene];
    expect(await turn()).toBe(newcomer.owner.id);
  });

  it('takes a user’s exports by priority, then in the order of their requests', async () => {
    const [scene] = (await queue([3])) as [Scene];
    const ids = (
      await kyselyOf(db.pool).selectFrom('daw_exports').select('id').orderBy('created_at').execute()
    ).map(({ id }) => id);
    await rewrite(db.pool, ids[2] as string, { priority: 5 });
    const order = [];
    for (let n = 0; n < 3; n++) order.push((await claim(db.pool, { perUser: 9 }))?.id);
    expect(order).toEqual([ids[2], ids[0], ids[1]]);
    expect(scene.owner.id).toBeDefined();
  });

  it('passes over what waits for its backoff, and what somebody is just canceling', async () => {
    await queue([3]);
    const ids = (
      await kyselyOf(db.pool).selectFrom('daw_exports').select('id').orderBy('created_at').execute()
    ).map(({ id }) => id);
    await rewrite(db.pool, ids[0] as string, { available_at: new Date(Date.now() + 60_000) });
    expect((await claim(db.pool))?.id).toBe(ids[1]);
    await rewrite(db.pool, ids[0] as string, { available_at: new Date(Date.now() - 1_000) });
    await kyselyOf(db.pool)
      .transaction()
      .execute(async (trx) => {
        await trx
          .updateTable('daw_exports')
          .set({ priority: 0 })
          .where('id', '=', ids[0] as string)
          .execute();
        // Nobody waits for that transaction.
        expect((await claim(db.pool, { perUser: 9 }))?.id).toBe(ids[2]);
        expect(await claim(db.pool, { perUser: 9 })).toBeUndefined();
      });
    expect((await claim(db.pool, { perUser: 9 }))?.id).toBe(ids[0]);
  });

  it('is not held up by a request of the same user that has not come to its end', async () => {
    const [scene, other] = (await queue([1, 1])) as [Scene, Scene];
    await asUser(db.pool, scene.owner.claims, async (trx) => {
      await sql`select daw_request_export(${scene.projectId}, 'unfinished-request', 'f', '{}', '{}')`.execute(
        trx,
      );
      // Nor are those that they have waiting already.
      expect((await claim(db.pool))?.requested_by).toBe(scene.owner.id);
      expect((await claim(db.pool))?.requested_by).toBe(other.owner.id);
      expect(await claim(db.pool)).toBeUndefined();
    });
    expect((await claim(db.pool))?.requested_by).toBe(scene.owner.id);
  });

  it('keeps the place of whoever is passed over because what they have waiting may not run yet', async () => {
    const [first, second] = (await queue([1, 1])) as [Scene, Scene];
    const { rows } = await db.pool.query(
      `update daw_exports set available_at = clock_timestamp() + interval '1 hour'
       where requested_by = $1 returning id`,
      [first.owner.id],
    );
    expect((await claim(db.pool))?.requested_by).toBe(second.owner.id);
    expect(await claim(db.pool)).toBeUndefined();
    await rewrite(db.pool, rows[0].id, { available_at: new Date(Date.now() - 1_000) });
    await requestExport(db.pool, second.owner.claims, second.projectId);
    expect((await claim(db.pool))?.requested_by).toBe(first.owner.id);
    expect((await claim(db.pool))?.requested_by).toBe(second.owner.id);
  });

  it('loses nothing when requests and claims race for the end of a queue', async () => {
    const scenes = await queue([0, 0, 0]);
    let wanted = 0;
    const requests = scenes.map(async (scene) => {
      for (let n = 0; n < 15; n++) {
        const { id } = await requestExport(db.pool, scene.owner.claims, scene.projectId);
        if (id) wanted++;
      }
    });
    let requesting = true;
    const done = Promise.all(requests).then(() => {
      requesting = false;
    });
    let ran = 0;
    const worker = async () => {
      for (;;) {
        const last = !requesting;
        const claimed = await claim(db.pool);
        if (claimed) {
          await finish(claimed);
          ran++;
        } else if (last) return;
      }
    };
    await Promise.all([done, worker(), worker(), worker()]);
    expect(ran).toBe(wanted);
    expect(wanted).toBeGreaterThan(3 * 10);
  });

  it('looks at few rows with 3,000 finished and 1,000 waiting exports of 100 users', async () => {
    await db.pool.query(`
      with users as (
        insert into auth.users (email) select 'u' || n || '@bulk.test' from generate_series(1, 100) n returning id
      ), projects as (
        insert into daw_projects (owner_id, name) select id, 'Bulk' from users returning id, owner_id
      )
      insert into daw_exports (project_id, project_name, requested_by, fingerprint, snapshot, snapshot_seq, options)
      select p.id, 'Bulk', p.owner_id, 'f', '{}', 0, '{}' from projects p, generate_series(1, 40)`);
    await db.pool.query(`
      update daw_exports set status = 'canceled' where id in (
        select id from (select id, row_number() over (partition by requested_by) as n from daw_exports) e where n > 10)`);
    await db.pool.query('vacuum analyze daw_exports');
    const client = await db.pool.connect();
    try {
      // Counters of this connection that have not been published, so the difference counts.
      const read = async (): Promise<{ scans: number; rows: number }> =>
        (
          await client.query(
            "select pg_stat_get_xact_numscans('daw_exports'::regclass)::int as scans, pg_stat_get_xact_tuples_returned('daw_exports'::regclass)::int as rows",
          )
        ).rows[0];
      await client.query('begin');
      const before = await read();
      await client.query("select claim_export('w1', 4, 2, 30)");
      expect(await read()).toEqual(before);
      await client.query('rollback');
    } finally {
      client.release();
    }
  });
});

it('rules no way to a plan out for a function without ruling out that it is compiled', async () => {
  const { rows } = await db.pool.query<{ name: string; settings: string[] }>(
    `select oid::regprocedure::text as name, proconfig as settings from pg_proc
    where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and array_to_string(proconfig, ' ') like '%enable\\_%'`,
  );
  expect(rows.length).toBeGreaterThan(2);
  // What is ruled out costs 10^10 where there is no other way, and from 10^5 on a server with LLVM compiles.
  for (const { name, settings } of rows) expect(settings, name).toContain('jit=off');
});
