import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertTestAsset } from '../../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

const PEOPLE = 20;
const EACH = 50;
const QUEUED = 40;

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
  await server.db.pool.query("select set_setting('export_queued_per_user', $1)", [String(QUEUED)]);
});
afterAll(() => server.close());

it('of a thousand requests at once each is accepted or told when to come back, and none is lost', async () => {
  const people: { pro: Awaited<ReturnType<TestServer['signUp']>>; projectId: string }[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    const pro = await server.signUp();
    const projectId = await pro.createProject('Night drive');
    const trackId = await pro.addTrack(projectId);
    const assetId = await insertTestAsset(server, { projectId, frames: 48_000 });
    await pro.post(`/projects/${projectId}/clips`, { trackId, assetId, startFrame: 0 });
    people.push({ pro, projectId });
  }
  const answers = await Promise.all(
    Array.from({ length: PEOPLE * EACH }, (_, n) => {
      const { pro, projectId } = people[n % PEOPLE] as (typeof people)[number];
      const key = { 'idempotency-key': crypto.randomUUID() };
      return pro.post(`/projects/${projectId}/export`, {}, key);
    }),
  );
  const accepted = answers.filter(({ statusCode }) => statusCode === 202);
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  expect([accepted.length, refused.length]).toEqual([PEOPLE * QUEUED, PEOPLE * (EACH - QUEUED)]);
  for (const answer of refused) {
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.json()).toMatchObject({ code: 'quota_exceeded' });
    expect(answer.json().detail).toContain(String(QUEUED));
  }
  const { rows } = await server.db.pool.query<{ id: string }>(
    "select id from daw_exports where status = 'queued'",
  );
  expect(rows.map(({ id }) => id).sort()).toEqual(accepted.map((a) => a.json().id).sort());
});
