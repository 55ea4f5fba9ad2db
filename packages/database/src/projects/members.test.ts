import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asUser, kyselyOf } from '../as-role.ts';
import { call, createScene, type Scene } from '../testing/scene.ts';
import {
  createTestDatabase,
  createTestUser,
  type TestDatabase,
  type TestUser,
} from '../testing.ts';

let db: TestDatabase;
let scene: Scene;
let editor: TestUser;
let client: TestUser;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  scene = await createScene(db.pool);
  editor = await createTestUser(db.pool);
  client = await createTestUser(db.pool, 'client');
  for (const [user, role] of [
    [editor, 'editor'],
    [client, 'client'],
  ] as const) {
    await asUser(db.pool, scene.owner.claims, (trx) =>
      trx
        .insertInto('daw_project_members')
        .values({ project_id: scene.projectId, user_id: user.id, role })
        .execute(),
    );
  }
});
afterAll(() => db.drop());

const list = async (user: TestUser) =>
  (
    await asUser(db.pool, user.claims, (trx) =>
      sql<{
        user_id: string;
        email: string;
        role: string;
      }>`select * from daw_list_members(${scene.projectId})`.execute(trx),
    )
  ).rows;

describe('members', () => {
  it('are listed with their addresses to the makers; a client sees the owner and themselves', async () => {
    const all = [
      { user_id: scene.owner.id, email: scene.owner.claims.email, role: 'owner' },
      { user_id: editor.id, email: editor.claims.email, role: 'editor' },
      { user_id: client.id, email: client.claims.email, role: 'client' },
    ];
    expect(await list(scene.owner)).toEqual(all);
    expect(await list(editor)).toEqual(all);
    expect(await list(client)).toEqual([all[0], all[2]]);
    expect(await list(await createTestUser(db.pool))).toEqual([]);
  });

  it('are found by their address, by owners of projects alone', async () => {
    const find = (user: TestUser) =>
      call(db.pool, user.claims, sql`daw_find_user(${` ${editor.claims.email?.toUpperCase()} `})`);
    expect(await find(scene.owner)).toBe(editor.id);
    expect(await find(client)).toBeNull();
    expect(await find(await createTestUser(db.pool))).toBeNull();
  });

  it('have exactly one owner, who cannot be removed or made anything else', async () => {
    const asOwner = (work: Parameters<typeof asUser>[2]) =>
      asUser(db.pool, scene.owner.claims, work);
    await expect(
      asOwner((trx) =>
        trx
          .updateTable('daw_project_members')
          .set({ role: 'owner' })
          .where('user_id', '=', editor.id)
          .execute(),
      ),
    ).rejects.toThrow('row-level security');
    await asOwner((trx) =>
      trx
        .updateTable('daw_project_members')
        .set({ role: 'client' })
        .where('user_id', '=', scene.owner.id)
        .execute(),
    );
    await asOwner((trx) =>
      trx.deleteFrom('daw_project_members').where('user_id', '=', scene.owner.id).execute(),
    );
    expect((await list(scene.owner)).map(({ role }) => role)).toEqual([
      'owner',
      'editor',
      'client',
    ]);
    await expect(
      kyselyOf(db.pool)
        .updateTable('daw_project_members')
        .set({ role: 'owner' })
        .where('user_id', '=', editor.id)
        .execute(),
    ).rejects.toThrow('daw_project_members_one_owner');
  });

  it('lose sight at once when they are removed or leave', async () => {
    const see = async (user: TestUser) =>
      (
        await asUser(db.pool, user.claims, (trx) =>
          trx.selectFrom('daw_tracks').select('id').execute(),
        )
      ).length;
    expect([await see(editor), await see(client)]).toEqual([1, 1]);
    await asUser(db.pool, scene.owner.claims, (trx) =>
      trx.deleteFrom('daw_project_members').where('user_id', '=', editor.id).execute(),
    );
    await asUser(db.pool, client.claims, (trx) => trx.deleteFrom('daw_project_members').execute());
    expect([await see(editor), await see(client)]).toEqual([0, 0]);
  });
});
