import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asUser, kyselyOf } from '../as-role.ts';
import { listen } from '../listen.ts';
import { call, createScene, requestExport, type Scene } from '../testing/scene.ts';
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
let stranger: TestUser;
let exportId: string;
let listener: { close(): Promise<void> };
let told: object[] = [];
let heardEnd = () => {};
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  scene = await createScene(db.pool);
  editor = await createTestUser(db.pool);
  client = await createTestUser(db.pool, 'client');
  stranger = await createTestUser(db.pool, 'client');
  await member(editor, 'editor');
  await member(client, 'client');
  exportId = (await requestExport(db.pool, scene.owner.claims, scene.projectId)).id as string;
  told = [];
  listener = await listen(db.url, ['daw_access', 'the_end'], ({ channel, payload }) => {
    if (channel === 'the_end') heardEnd();
    else told.push(JSON.parse(payload));
  });
});
afterEach(() => listener.close());
afterAll(() => db.drop());

const member = (user: TestUser, role: 'editor' | 'client') =>
  asUser(db.pool, scene.owner.claims, (trx) =>
    sql`insert into daw_project_members (project_id, user_id, role)
      values (${scene.projectId}, ${user.id}, ${role})
      on conflict (project_id, user_id) do update set role = excluded.role`.execute(trx),
  );
const share = (user: TestUser | null) =>
  call(db.pool, scene.owner.claims, sql`daw_share_export(${exportId}, ${user?.id ?? null})`);
const unshare = (user: TestUser | null) =>
  call(db.pool, scene.owner.claims, sql`daw_unshare_export(${exportId}, ${user?.id ?? null})`);
/** What was told by now: notifications arrive in the order of their commits. */
async function tellings(): Promise<object[]> {
  const end = new Promise<void>((resolve) => {
    heardEnd = resolve;
  });
  await db.pool.query('notify the_end');
  await end;
  return told;
}
const ofProject = (user: TestUser) => ({
  projectId: scene.projectId,
  exportId: null,
  userId: user.id,
});
const ofExport = (user: TestUser) => ({ projectId: null, exportId, userId: user.id });

describe('listeners are told', () => {
  it('when a member is removed, leaves, or gets another role, and not when they come', async () => {
    const newcomer = await createTestUser(db.pool);
    await member(newcomer, 'editor');
    await member(newcomer, 'editor');
    expect(await tellings()).toEqual([]);
    await member(newcomer, 'client');
    await asUser(db.pool, scene.owner.claims, (trx) =>
      trx.deleteFrom('daw_project_members').where('user_id', '=', editor.id).execute(),
    );
    await asUser(db.pool, client.claims, (trx) =>
      trx.deleteFrom('daw_project_members').where('user_id', '=', client.id).execute(),
    );
    expect(await tellings()).toEqual([newcomer, editor, client].map(ofProject));
  });

  it('when an export is no longer shared with somebody, or with every client', async () => {
    await share(stranger);
    await share(null);
    expect(await tellings()).toEqual([]);
    await unshare(stranger);
    await unshare(null);
    expect(await tellings()).toEqual([ofExport(stranger), ofExport(client)]);
  });

  it('when a project goes with all that is in it, and when an account does', async () => {
    await share(stranger);
    await kyselyOf(db.pool).deleteFrom('daw_projects').where('id', '=', scene.projectId).execute();
    const everybody = [scene.owner, editor, client].map(ofProject);
    const all = await tellings();
    expect(all).toHaveLength(4);
    expect(all).toEqual(expect.arrayContaining([...everybody, ofExport(stranger)]));
    scene = await createScene(db.pool);
    await member(editor, 'editor');
    told = [];
    await db.pool.query('delete from auth.users where id = $1', [editor.id]);
    expect(await tellings()).toEqual([ofProject(editor)]);
  });

  it('nothing of what was taken back', async () => {
    await expect(
      asUser(db.pool, scene.owner.claims, async (trx) => {
        await trx.deleteFrom('daw_project_members').where('user_id', '=', editor.id).execute();
        throw new Error('taken back');
      }),
    ).rejects.toThrow('taken back');
    expect(await tellings()).toEqual([]);
  });
});
