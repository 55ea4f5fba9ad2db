import { afterAll, beforeAll } from 'vitest';
import type { Caller } from '../testing/caller.ts';
import { identityOfCaller } from '../testing/identity-of-session.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { authorityConformance } from './authority-conformance.ts';
import { postgresAuthority } from './postgres-authority.ts';

let server: TestServer;
let people: Record<'owner' | 'editor' | 'client' | 'admin' | 'stranger', Caller>;
beforeAll(async () => {
  server = await createTestServer();
  people = {
    owner: await server.signUp(),
    editor: await server.signUp(),
    client: await server.signUp(),
    admin: await server.signUp('admin'),
    stranger: await server.signUp(),
  };
});
afterAll(() => server.close());

authorityConformance('postgres', async () => {
  const { owner } = people;
  const { pool } = server.db;
  const projectId = await owner.createProject();
  for (const [who, role] of [
    ['editor', 'editor'],
    ['client', 'client'],
    ['admin', 'editor'],
  ] as const) {
    await pool.query(
      'insert into daw_project_members (project_id, user_id, role) values ($1, $2, $3)',
      [projectId, people[who].userId, role],
    );
  }
  const trackIds = [await owner.addTrack(projectId), await owner.addTrack(projectId)] as const;
  const pluginIds = [
    await owner.addPlugin(projectId, trackIds[0]),
    await owner.addPlugin(projectId, trackIds[0]),
    await owner.addPlugin(projectId, trackIds[1]),
  ] as const;
  return {
    authority: postgresAuthority({ pool, catalog: server.deps.catalogs.catalog }),
    identities: {
      owner: identityOfCaller(people.owner),
      editor: identityOfCaller(people.editor),
      client: identityOfCaller(people.client),
      admin: identityOfCaller(people.admin),
      stranger: identityOfCaller(people.stranger),
    },
    projectId,
    trackIds,
    pluginIds,
    // The database's clock goes its own way; leases can be shortened by what should have passed.
    async advance(ms) {
      await pool.query(
        "update daw_plugin_locks set expires_at = expires_at - $1 * interval '1 ms'",
        [ms],
      );
    },
    async close() {
      await pool.query('delete from daw_projects where id = $1', [projectId]);
    },
  };
});
