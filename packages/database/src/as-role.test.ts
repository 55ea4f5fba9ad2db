import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAnon, asService, asUser, kyselyOf } from './as-role.ts';
import { createPool } from './pool.ts';
import { createTestDatabase, createTestUser, type TestDatabase, type TestUser } from './testing.ts';

const WHO = sql<{ role: string; uid: string | null; token: string | null }>`
  select current_user as role, auth.uid() as uid, auth.role() as token`;

let db: TestDatabase;
let pro: TestUser;
beforeAll(async () => {
  db = await createTestDatabase();
  pro = await createTestUser(db.pool);
});
afterAll(() => db.drop());

describe('transactions', () => {
  it('run with the role and the claims of whoever asks', async () => {
    const user = await asUser(db.pool, pro.claims, (trx) => WHO.execute(trx));
    expect(user.rows).toEqual([{ role: 'authenticated', uid: pro.id, token: 'authenticated' }]);
    const anon = await asAnon(db.pool, (trx) => WHO.execute(trx));
    expect(anon.rows).toEqual([{ role: 'anon', uid: null, token: null }]);
    const service = await asService(db.pool, (trx) => WHO.execute(trx));
    expect(service.rows).toEqual([{ role: 'service_role', uid: null, token: 'service_role' }]);
  });

  it('leave their connection as it was, also when they fail', async () => {
    const pool = createPool(db.url, { max: 1 });
    try {
      await asUser(pool, pro.claims, (trx) => WHO.execute(trx));
      await expect(
        asUser(pool, pro.claims, (trx) => sql`select 1 / 0`.execute(trx)),
      ).rejects.toThrow('division by zero');
      const { rows } = await WHO.execute(kyselyOf(pool));
      expect(rows).toEqual([{ role: 'postgres', uid: null, token: null }]);
    } finally {
      await pool.end();
    }
  });

  it('keep what they wrote if the work resolves, and nothing if it rejects', async () => {
    const insert = (fail: boolean) =>
      asUser(db.pool, pro.claims, async (trx) => {
        await trx
          .insertInto('daw_projects')
          .values({ owner_id: pro.id, name: `${fail}` })
          .execute();
        if (fail) throw new Error('changed my mind');
      });
    await insert(false);
    await expect(insert(true)).rejects.toThrow('changed my mind');
    const kept = await asUser(db.pool, pro.claims, (trx) =>
      trx.selectFrom('daw_projects').select(['name', 'seq']).execute(),
    );
    expect(kept).toEqual([{ name: 'false', seq: 0 }]);
  });

  it('cannot be told to be somebody else by a claim', async () => {
    const { rows } = await asUser(db.pool, { ...pro.claims, role: 'service_role' }, (trx) =>
      WHO.execute(trx),
    );
    expect(rows).toEqual([{ role: 'authenticated', uid: pro.id, token: 'authenticated' }]);
  });
});
