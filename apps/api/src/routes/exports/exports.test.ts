import { ExportAccepted, ExportView } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { fakeRender } from '../../testing/fake-render.ts';
import { insertTestAsset } from '../../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ EXPORT_QUEUED_PER_USER: '3' });
  await server.db.pool.query("select set_setting('export_queued_per_user', '3')");
});
afterAll(() => server.close());

/** A pro with a project of ten seconds. */
async function scene(name = 'Night drive') {
  const pro = await server.signUp();
  const projectId = await pro.createProject(name);
  const trackId = await pro.addTrack(projectId);
  const assetId = await insertTestAsset(server, { projectId, frames: 480_000 });
  await pro.post(`/projects/${projectId}/clips`, { trackId, assetId, startFrame: 0 });
  const request = (
    body: unknown = {},
    key: string | null = crypto.randomUUID(),
    caller: Caller = pro,
  ) =>
    caller.post(
      `/projects/${projectId}/export`,
      body,
      key === null ? {} : { 'idempotency-key': key },
    );
  return { pro, projectId, trackId, assetId, request };
}
const rowsOf = async (projectId: string) =>
  (await server.db.pool.query('select * from daw_exports where project_id = $1', [projectId])).rows;

describe('requesting an export', () => {
  it('freezes the project and says where to look', async () => {
    const { request, projectId, pro, trackId } = await scene();
    await pro.addPlugin(projectId, trackId, { catalogId: 'test.echo' });
    const answer = await request({ format: 'flac' });
    expect(answer.statusCode).toBe(202);
    const { id, status } = ExportAccepted.parse(answer.json());
    expect(status).toBe('queued');
    expect(answer.headers.location).toBe(`/api/v1/daw/exports/${id}`);
    expect(answer.headers['idempotent-replayed']).toBeUndefined();
    const [row] = await rowsOf(projectId);
    expect(row.options).toMatchObject({ format: 'flac', bitDepth: 24, sampleRate: 48000 });
    expect(row.plan).toMatchObject({ lengthFrames: 480_000, maxTailFrames: 192_000, plugins: 1 });
    expect(row.snapshot.clips).toHaveLength(1);
    expect(server.events.filter((e) => e.event === 'export.started').at(-1)).toEqual({
      distinctId: pro.userId,
      event: 'export.started',
      props: { projectId, exportId: id, format: 'flac' },
    });
  });

  it('tells of one export once, however often it is asked for at once', async () => {
    const { request } = await scene();
    const key = crypto.randomUUID();
    const before = server.events.length;
    await Promise.all(Array.from({ length: 20 }, () => request({}, key)));
    expect(server.events.length - before).toBe(1);
  });

  it('replays whatever order and defaults are written in, and whatever became of the project', async () => {
    const { request, projectId, pro, trackId } = await scene();
    const key = crypto.randomUUID();
    const first = (await request({ format: 'wav', tail: 'auto' }, `"${key}"`)).json();
    await pro.delete(`/projects/${projectId}/tracks/${trackId}`);
    const replay = await request({ tail: 'auto', bitDepth: 24 }, key);
    expect(replay.statusCode).toBe(202);
    expect(replay.json().id).toBe(first.id);
    expect(replay.headers['idempotent-replayed']).toBe('true');
    const other = await request({ format: 'mp3' }, key);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const fresh = await request({});
    expect(fresh.json()).toMatchObject({ status: 422, code: 'export_refused' });
    expect(await rowsOf(projectId)).toHaveLength(1);
  });

  it('keys belong to their user and project', async () => {
    const [one, two] = [await scene(), await scene()];
    const key = crypto.randomUUID();
    await one.pro.put(`/projects/${one.projectId}/members/${two.pro.userId}`, { role: 'editor' });
    const ids = [
      await one.request({}, key),
      await two.request({}, key),
      await one.request({}, key, two.pro),
    ].map((a) => a.json().id);
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    [null, 400, 'idempotency_key_missing'],
    ['short', 400, 'idempotency_key_malformed'],
    ['no spaces in a key', 400, 'idempotency_key_malformed'],
  ])('with the key %j is refused', async (key, status, code) => {
    const { request } = await scene();
    const answer = await request({}, key);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code, type: `/api/v1/errors#${code}` });
    expect(answer.json().detail).toContain('/api/v1/docs');
  });

  it.each([
    [{ scope: 'stems' }, 'not_yet_supported'],
    [{ format: 'opus', sampleRate: 44_100 }, 'validation_failed'],
    [{ format: 'flac', bitDepth: '32f' }, 'validation_failed'],
    [{ range: { kind: 'frames', startFrame: 10, endFrame: 10 } }, 'validation_failed'],
    [{ range: { kind: 'frames', startFrame: 480_000, endFrame: 480_001 } }, 'export_refused'],
    [{ range: { kind: 'frames', startFrame: 0, endFrame: 200_000_000 } }, 'export_too_large'],
    [{ range: { kind: 'frames', startFrame: 0 } }, 'validation_failed'],
    [{ sampleRate: 96_000 }, 'validation_failed'],
    [{ tail: 61 }, 'validation_failed'],
    [{ bitrate: 1 }, 'validation_failed'],
    [{ normalize: { lufs: 0 } }, 'validation_failed'],
  ])('for %j is refused in words', async (body, code) => {
    const { request, projectId } = await scene();
    const answer = await request(body);
    expect(answer.json().code).toBe(code);
    expect(answer.json().detail).toMatch(/\.$/);
    expect(await rowsOf(projectId)).toHaveLength(0);
  });

  it('of an empty project, or without a missing plugin, is refused; omitting it is the default', async () => {
    const pro = await server.signUp();
    const empty = await pro.createProject();
    const nothing = await pro.post(
      `/projects/${empty}/export`,
      {},
      { 'idempotency-key': 'k'.repeat(16) },
    );
    expect(nothing.json()).toMatchObject({ status: 422, code: 'export_refused' });
    expect(nothing.json().detail).toMatch(/empty/);

    const { request, projectId, trackId, pro: other } = await scene();
    const slot = await other.addPlugin(projectId, trackId);
    await server.db.pool.query("update daw_plugins set catalog_id = 'gone.one' where id = $1", [
      slot,
    ]);
    const strict = await request({ missingPlugins: 'refuse' });
    expect(strict.json()).toMatchObject({ code: 'export_refused', omitted: [{ pluginId: slot }] });
    expect((await request({})).statusCode).toBe(202);
  });

  it('ends at the quota, and goes on when one has gone', async () => {
    const { request, pro } = await scene();
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await request()).json().id);
    const over = await request();
    expect(over.json()).toMatchObject({ status: 429, code: 'quota_exceeded', queued: 3, limit: 3 });
    expect(over.headers['retry-after']).toBe('30');
    expect((await request({ scope: 'stems' })).json().code).toBe('not_yet_supported');
    await pro.post(`/exports/${ids[0]}/cancel`);
    expect((await request()).statusCode).toBe(202);
  });

  it('is for those who make the project', async () => {
    const { request, projectId, pro } = await scene();
    const [guest, client, stranger] = [
      await server.signUp('guest'),
      await server.signUp('client'),
      await server.signUp(),
    ];
    await pro.put(`/projects/${projectId}/members/${client.userId}`, { role: 'client' });
    expect((await request({}, null, server.anyone)).statusCode).toBe(401);
    expect((await request({ bad: 1 }, null, stranger)).json().code).toBe('not_found');
    expect((await request({ bad: 1 }, null, client)).json().code).toBe('forbidden');
    await server.db.pool.query('update daw_projects set is_demo = true where id = $1', [projectId]);
    const copy = (await guest.post('/projects', { name: 'Mine', from: 'demo' })).json().id;
    await server.db.pool.query('update daw_projects set is_demo = false where id = $1', [
      projectId,
    ]);
    const asGuest = await guest.post(`/projects/${copy}/export`, { bad: 1 });
    expect(asGuest.json().code).toBe('guest_not_allowed');
    const upload = await guest.post(`/projects/${copy}/assets`, {});
    expect(upload.json().code).toBe('guest_not_allowed');
  });
});

describe('an export', () => {
  it('shows its progress, answers 304 to pollers, and says when to come back', async () => {
    const { request, pro, projectId } = await scene();
    const { id } = (await request()).json();
    const first = await pro.get(`/exports/${id}`);
    expect(ExportView.parse(first.json())).toMatchObject({
      status: 'queued',
      editedSince: false,
      result: null,
      progress: { fraction: 0 },
      projectName: 'Night drive',
    });
    expect(first.headers['retry-after']).toBe('2');
    const etag = String(first.headers.etag);
    const again = await pro.get(`/exports/${id}`, { 'if-none-match': etag });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    await pro.patch(`/projects/${projectId}`, { tempo: 90 });
    const changed = await pro.get(`/exports/${id}`, { 'if-none-match': etag });
    expect(changed.json().editedSince).toBe(true);
  });

  it('is downloaded by a fresh link, in parts, under the project’s name', async () => {
    const { request, pro, projectId } = await scene('Größe / "夜"');
    const { id } = (await request()).json();
    expect((await pro.get(`/exports/${id}/download`)).json().code).toBe('export_not_ready');
    const content = Buffer.from('RIFF, so to speak');
    await fakeRender(server, id, content);

    const view = ExportView.parse((await pro.get(`/exports/${id}`)).json());
    expect(view.result).toMatchObject({ bytes: content.length, integratedLufs: -14 });
    const life = Date.parse(view.result?.urlExpiresAt ?? '') - Date.now();
    expect(life).toBeGreaterThan(14 * 60_000);
    expect(life).toBeLessThanOrEqual(15 * 60_000);

    const redirect = await pro.get(`/exports/${id}/download`);
    expect(redirect.statusCode).toBe(302);
    expect(redirect.headers['cache-control']).toBe('no-store');
    const link = new URL(String(redirect.headers.location)).pathname;
    const whole = await server.anyone.get(link);
    expect(whole.rawPayload).toEqual(content);
    expect(whole.headers['content-type']).toBe('audio/wav');
    const disposition = String(whole.headers['content-disposition']);
    expect(disposition).toMatch(/^attachment; filename="[ -~]+"; filename\*=UTF-8''/);
    expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe('Größe - -夜-.wav');
    const part = await server.anyone.get(link, { range: 'bytes=0-3' });
    expect([part.statusCode, part.body]).toEqual([206, 'RIFF']);
    expect(part.headers['content-range']).toBe(`bytes 0-3/${content.length}`);
    expect((await server.anyone.get(link, { range: 'bytes=99-' })).statusCode).toBe(416);
    const head = await server.app.inject({ method: 'HEAD', url: link });
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([
      200,
      String(content.length),
      '',
    ]);
    const tampered = `${link.slice(0, -3)}xyz`;
    expect((await server.anyone.get(tampered)).statusCode).toBe(404);

    const list = (await pro.get(`/projects/${projectId}/exports`)).json().exports;
    expect(list.map((e: { id: string }) => e.id)).toEqual([id]);
  });

  it('that is held back, taken down or too old gives nothing out', async () => {
    const { request, pro } = await scene();
    const { id } = (await request()).json();
    await fakeRender(server, id, Buffer.from('x'));
    const set = (assignment: string) =>
      server.db.pool.query(`update daw_exports set ${assignment} where id = $1`, [id]);
    const download = async () => (await pro.get(`/exports/${id}/download`)).json();
    await set('quarantined_at = now()');
    expect(await download()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await pro.get(`/exports/${id}`)).json().result).toBeNull();
    await set("quarantined_at = null, expires_at = now() - interval '1 s'");
    expect(await download()).toMatchObject({ status: 410, code: 'export_expired' });
    await set("status = 'revoked'");
    expect(await download()).toMatchObject({ status: 410, code: 'export_expired' });
    expect((await pro.get(`/exports/${id}`)).json()).toMatchObject({
      status: 'revoked',
      result: null,
    });
  });

  it('is seen by clients once it is shared, and by nobody else', async () => {
    const { request, pro, projectId } = await scene();
    const [client, stranger] = [await server.signUp('client'), await server.signUp()];
    await pro.put(`/projects/${projectId}/members/${client.userId}`, { role: 'client' });
    const { id } = (await request()).json();
    await fakeRender(server, id, Buffer.from('x'));
    expect((await client.get(`/exports/${id}`)).statusCode).toBe(404);
    expect((await client.get(`/projects/${projectId}/exports`)).json().exports).toEqual([]);
    await server.db.pool.query(
      'insert into daw_export_shares (export_id, project_id, user_id) values ($1, $2, $3)',
      [id, projectId, client.userId],
    );
    expect((await client.get(`/exports/${id}`)).json().result.bytes).toBe(1);
    expect((await client.get(`/exports/${id}/download`)).statusCode).toBe(302);
    expect((await client.post(`/exports/${id}/cancel`)).statusCode).toBe(404);
    expect((await stranger.get(`/exports/${id}`)).statusCode).toBe(404);
    expect((await stranger.get(`/exports/${id}/download`)).statusCode).toBe(404);
    expect((await server.anyone.get(`/exports/${id}`)).statusCode).toBe(401);
  });

  it('is canceled, repeated, and refuses what it is past', async () => {
    const { request, pro } = await scene();
    const { id } = (await request()).json();
    expect((await pro.post(`/exports/${id}/cancel`)).json()).toEqual({ id, status: 'canceled' });
    expect((await pro.post(`/exports/${id}/cancel`)).statusCode).toBe(200);
    const again = await pro.post(`/exports/${id}/retry`);
    expect([again.statusCode, again.json()]).toEqual([202, { id, status: 'queued' }]);
    await fakeRender(server, id, Buffer.from('x'));
    for (const verb of ['cancel', 'retry']) {
      const late = await pro.post(`/exports/${id}/${verb}`);
      expect(late.json()).toMatchObject({ status: 409, code: 'illegal_transition' });
    }
    expect((await pro.post(`/exports/${crypto.randomUUID()}/retry`)).statusCode).toBe(404);
  });
});
