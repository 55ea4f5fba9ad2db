import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemoAccounts } from './dev-seed.ts';
import { createTestServer, type TestServer } from './testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

it('makes the demo accounts once, each with its role, also from two processes at once', async () => {
  const [one, two] = await Promise.all([
    seedDemoAccounts(server.db.pool),
    seedDemoAccounts(server.db.pool),
  ]);
  expect(two).toEqual(one);
  expect(await seedDemoAccounts(server.db.pool)).toEqual(one);
  for (const [name, { email, role }] of Object.entries(DEMO_ACCOUNTS)) {
    const answer = await server.anyone.post('/auth/v1/token?grant_type=password', {
      email,
      password: DEMO_PASSWORD,
    });
    expect(answer.json().user).toMatchObject({
      id: one[name as keyof typeof one],
      app_metadata: { daw_role: role },
    });
  }
});
