import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asUser } from './as-role.ts';
import { createScene, type Scene } from './testing/scene.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
  scene = await createScene(db.pool);
});
afterAll(() => db.drop());

// A helper function that is called for each row made 100,000 rows take seconds instead of milliseconds.
it.each([
  ['daw_tracks', 'project_id'],
  ['daw_clips', 'project_id'],
  ['daw_assets', 'project_id'],
  ['daw_plugins', 'project_id'],
  ['daw_plugin_locks', 'project_id'],
  ['daw_operations', 'project_id'],
  ['daw_project_members', 'project_id'],
])('the policy of %s is asked once a query and answered from an index', async (table, column) => {
  const plan = await asUser(db.pool, scene.owner.claims, async (trx) => {
    // Few rows would be read one after the other whatever the policy says.
    await sql`set local enable_seqscan = off`.execute(trx);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain (costs off)
      select * from ${sql.table(table)}`.execute(trx);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  expect(plan).toMatch(/InitPlan/);
  expect(plan).toMatch(new RegExp(`Index Cond: \\(${column} = ANY \\(.*InitPlan`));
  expect(plan).not.toMatch(/Filter: .*my_projects/);
});
