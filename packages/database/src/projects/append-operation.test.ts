import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asUser, kyselyOf } from '../as-role.ts';
import { call, createScene, type Scene, service } from '../testing/scene.ts';
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

const append = (opId: string = randomUUID(), claims = scene.owner.claims) =>
  call<number>(
    db.pool,
    claims,
    sql`daw_append_operation(${scene.projectId}, ${opId}, 'track.add', '{"name": "Drums"}')`,
  );
const log = () =>
  kyselyOf(db.pool)
    .selectFrom('daw_operations')
    .selectAll()
    .where('project_id', '=', scene.projectId)
    .orderBy('seq')
    .execute();

describe('daw_append_operation', () => {
  it('numbers without gaps under 30 parallel edits', async () => {
    const seqs = await Promise.all(Array.from({ length: 30 }, () => append()));
    expect([...seqs].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    expect((await log()).map(({ seq }) => seq)).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('leaves no gap behind an edit that failed', async () => {
    await append();
    await expect(
      asUser(db.pool, scene.owner.claims, async (trx) => {
        await sql`select daw_append_operation(${scene.projectId}, ${randomUUID()}, 'x', '{}')`.execute(
          trx,
        );
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await append()).toBe(2);
  });

  it('takes each operation once, also when 20 copies of it come together', async () => {
    const opId = randomUUID();
    const seqs = await Promise.all(Array.from({ length: 20 }, () => append(opId)));
    expect(new Set(seqs)).toEqual(new Set([1]));
    expect(await log()).toMatchObject([
      { seq: 1, op_id: opId, kind: 'track.add', payload: { name: 'Drums' }, actor: scene.owner.id },
    ]);
    expect(await append()).toBe(2);
  });

  it('refuses whoever may not edit, also for an operation that exists', async () => {
    const opId = randomUUID();
    await append(opId);
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
      await expect(append(opId, user.claims)).rejects.toThrow('you may not edit project');
      await expect(append(randomUUID(), user.claims)).rejects.toThrow('you may not edit project');
    }
    expect(await log()).toHaveLength(1);
  });

  it('tells listeners of the project and its seq', async () => {
    const client = await db.pool.connect();
    const heard: unknown[] = [];
    const listener = ({ payload = '' }: { payload?: string | undefined }) =>
      void heard.push(JSON.parse(payload));
    client.on('notification', listener);
    try {
      await client.query('listen daw_ops');
      await append();
      await client.query('unlisten *');
      expect(heard).toEqual([{ projectId: scene.projectId, seq: 1 }]);
    } finally {
      client.off('notification', listener);
      client.release();
    }
  });

  it('is kept for 7 days and 5,000 operations; parameter writes for a day', async () => {
    const age = async (days: number, kind: string, seq: number) =>
      db.pool.query(
        `insert into daw_operations (project_id, seq, op_id, kind, payload, created_at)
         values ($1, $2, gen_random_uuid(), $3, '{}', now() - $4 * interval '1 day')`,
        [scene.projectId, seq, kind, days],
      );
    await age(8, 'track.add', 1);
    await age(6, 'track.add', 2);
    await age(2, 'plugin.params', 3);
    await age(0.5, 'plugin.params', 4);
    await age(8, 'track.add', 5_000);
    await service(db.pool, sql`reap_operations()`);
    expect(await log()).toHaveLength(5);
    await kyselyOf(db.pool)
      .updateTable('daw_projects')
      .set({ seq: 9_999 })
      .where('id', '=', scene.projectId)
      .execute();
    expect(await service(db.pool, sql`reap_operations()`)).toBe(2);
    expect((await log()).map(({ seq }) => seq)).toEqual([2, 4, 5_000]);
  });
});
