import { ExportAccepted } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { fakeRender } from '../../testing/fake-render.ts';
import { insertTestAsset } from '../../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

/** A pro with a project that can be exported. */
async function scene() {
  const pro = await server.signUp();
  const projectId = await pro.createProject('Night drive');
  const trackId = await pro.addTrack(projectId);
  const assetId = await insertTestAsset(server, { projectId, frames: 480_000 });
  await pro.post(`/projects/${projectId}/clips`, { trackId, assetId, startFrame: 0 });
  const request = (key: string, body: unknown = {}, caller: Caller = pro) =>
    caller.post(`/projects/${projectId}/export`, body, { 'idempotency-key': key });
  return { pro, projectId, request };
}
const rowsOf = async (projectId: string) =>
  (await server.db.pool.query('select * from daw_exports where project_id = $1', [projectId])).rows;
const reap = () => server.db.pool.query('select reap_exports()');

describe('an Idempotency-Key', () => {
  it('makes one export and 199 replays of two hundred requests at once', async () => {
    const { request, projectId } = await scene();
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 200 }, () => request(key)));
    expect(answers.map((answer) => answer.statusCode)).toEqual(Array(200).fill(202));
    const accepted = answers.map((answer) => ExportAccepted.parse(answer.json()));
    expect(new Set(accepted.map(({ id }) => id)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
    const replays = answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true');
    expect(replays).toHaveLength(199);
    expect(await rowsOf(projectId)).toHaveLength(1);
  });

  it.each([undefined, 'short', 'x'.repeat(129), 'has spaces in between it', '0123456789abcdef"'])(
    'is asked for in a way that leads to the documentation: %j',
    async (key) => {
      const { pro, projectId } = await scene();
      const headers = key === undefined ? {} : { 'idempotency-key': key };
      const answer = await pro.post(`/projects/${projectId}/export`, {}, headers);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toMatch('application/problem+json');
      const [page, code] = answer.json().type.split('#');
      const documentation = await server.anyone.get(page);
      expect(documentation.statusCode).toBe(200);
      expect(documentation.body).toContain(`id="${code}"`);
      expect(await rowsOf(projectId)).toEqual([]);
    },
  );

  it('is looked up after everything that is wrong with the request, and before the quota', async () => {
    const { request, projectId, pro } = await scene();
    const key = crypto.randomUUID();
    const { id } = (await request(key)).json();
    const client = await server.signUp('client');
    await pro.put(`/projects/${projectId}/members/${client.userId}`, { role: 'client' });
    const invalid = { format: 'exe' };
    expect((await request(key, invalid, server.anyone)).statusCode).toBe(401);
    expect((await request(key, invalid, await server.signUp())).statusCode).toBe(404);
    expect((await request(key, invalid, client)).statusCode).toBe(403);
    expect((await request(key, invalid)).json().code).toBe('validation_failed');
    for (let n = 1; n < 10; n++) await request(crypto.randomUUID());
    expect((await request(crypto.randomUUID())).statusCode).toBe(429);
    expect((await request(key)).json()).toEqual({ id, status: 'queued' });
    expect((await request(key, { format: 'mp3' })).statusCode).toBe(422);
  });

  it.each<[string, (id: string, pro: Caller) => Promise<unknown>]>([
    ['canceled', (id, pro) => pro.post(`/exports/${id}/cancel`)],
    [
      'failed',
      (id) =>
        server.db.pool.query(
          `update daw_exports set status = 'failed', error = '{"code": "x", "message": "X."}' where id = $1`,
          [id],
        ),
    ],
    [
      'expired',
      async (id) => {
        await fakeRender(server, id, Buffer.from('x'));
        const past = "expires_at = clock_timestamp() - interval '1 s'";
        await server.db.pool.query(`update daw_exports set ${past} where id = $1`, [id]);
        await reap();
      },
    ],
  ])('stays with an export that is %s, which runs again by `retry`', async (status, end) => {
    const { request, projectId, pro } = await scene();
    const key = crypto.randomUUID();
    const { id } = (await request(key)).json();
    await end(id, pro);
    const replay = await request(key);
    expect([replay.statusCode, replay.json()]).toEqual([202, { id, status }]);
    expect(replay.headers['idempotent-replayed']).toBe('true');
    const retry = await pro.post(`/exports/${id}/retry`);
    expect([retry.statusCode, retry.json()]).toEqual([202, { id, status: 'queued' }]);
    await fakeRender(server, id, Buffer.from('again'));
    const view = (await pro.get(`/exports/${id}`)).json();
    expect(view).toMatchObject({ status: 'completed', error: null, result: { bytes: 5 } });
    expect(await rowsOf(projectId)).toHaveLength(1);
  });

  it('is forgotten after a day, and its export is not', async () => {
    const { request, projectId } = await scene();
    const key = crypto.randomUUID();
    const { id } = (await request(key)).json();
    const aged = (hours: string) =>
      server.db.pool.query(
        'update daw_exports set created_at = clock_timestamp() - $2::interval where id = $1',
        [id, hours],
      );
    await aged('23 hours 59 minutes');
    await reap();
    expect((await request(key)).json().id).toBe(id);
    await aged('24 hours 1 minute');
    await reap();
    const next = await request(key, { format: 'mp3' });
    expect(next.statusCode).toBe(202);
    expect(next.headers['idempotent-replayed']).toBeUndefined();
    expect(next.json().id).not.toBe(id);
    expect(await rowsOf(projectId)).toHaveLength(2);
  });

  it('opens nothing to whoever has lost the project', async () => {
    const { request, projectId, pro } = await scene();
    const editor = await server.signUp();
    const member = `/projects/${projectId}/members/${editor.userId}`;
    await pro.put(member, { role: 'editor' });
    const key = crypto.randomUUID();
    expect((await request(key, {}, editor)).statusCode).toBe(202);
    await pro.put(member, { role: 'client' });
    expect((await request(key, {}, editor)).statusCode).toBe(403);
    await pro.delete(member);
    expect((await request(key, {}, editor)).statusCode).toBe(404);
  });

  it('whose first request does not come to an end is told to come back', async () => {
    const { request, projectId, pro } = await scene();
    const client = await server.db.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        "select pg_advisory_xact_lock(hashtextextended('daw_exports of ' || $1, 0))",
        [pro.userId],
      );
      const busy = await request(crypto.randomUUID());
      expect([busy.statusCode, busy.headers['retry-after']]).toEqual([409, '1']);
      expect(busy.json().code).toBe('idempotency_key_busy');
    } finally {
      await client.query('rollback');
      client.release();
    }
    expect(await rowsOf(projectId)).toEqual([]);
  });
});
