import { ExportPeaks, ExportView, MyExports } from '@mixdown/contract';
import { asService } from '@mixdown/database';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createExportScene } from '../../testing/export-scene.ts';
import { FAKE_PEAKS } from '../../testing/fake-render.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

it('are read by whoever may hear the export, as long as they may', async () => {
  const scene = await createExportScene(server);
  const id = await scene.finished();
  const client = await scene.member('client');
  const url = `/exports/${id}/peaks`;
  expect((await client.get(url)).statusCode).toBe(404);
  await scene.owner.post(`/exports/${id}/shares`, { userId: client.userId });

  const answer = await client.get(url);
  expect(ExportPeaks.parse(answer.json())).toEqual(FAKE_PEAKS);
  const { etag = '' } = answer.headers;
  const again = await client.get(url, { 'if-none-match': String(etag) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  const view = (await client.get(`/exports/${id}`)).json();
  expect(ExportView.parse(view).result).not.toBeNull();
  expect(JSON.stringify(view)).not.toContain('framesPerPeak');

  await scene.owner.delete(`/exports/${id}/shares/${client.userId}`);
  const known = { 'if-none-match': String(etag) };
  expect((await client.get(url, known)).statusCode).toBe(404);
});

it('are refused as the download is', async () => {
  const scene = await createExportScene(server);
  const waiting = await scene.request();
  expect((await scene.owner.get(`/exports/${waiting}/peaks`)).json().code).toBe('export_not_ready');
  const id = await scene.finished();
  await asService(server.db.pool, (tx) =>
    sql`update public.daw_exports set quarantined_at = now() where id = ${id}`.execute(tx),
  );
  const [peaks, download] = [
    await scene.owner.get(`/exports/${id}/peaks`),
    await scene.owner.get(`/exports/${id}/download`),
  ];
  expect(peaks.json()).toMatchObject({ status: 403, detail: download.json().detail });
});

it('are not found where an export is older than they are', async () => {
  const scene = await createExportScene(server);
  const id = await scene.finished();
  await asService(server.db.pool, (tx) =>
    sql`update public.daw_exports set peaks = null where id = ${id}`.execute(tx),
  );
  const answer = await scene.owner.get(`/exports/${id}/peaks`);
  expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
});

it('exports are numbered by time, alike for everybody, and say who shared them', async () => {
  const scene = await createExportScene(server);
  const [first, second] = [await scene.finished(), await scene.finished()];
  const client = await scene.member('client');
  await scene.owner.post(`/exports/${second}/shares`, { userId: client.userId });
  const seen = async (caller: typeof client) =>
    MyExports.parse((await caller.get('/exports')).json()).exports.map((e) => [
      e.id,
      e.version,
      e.sharedBy,
    ]);
  expect(await seen(scene.owner)).toEqual([
    [second, 2, null],
    [first, 1, null],
  ]);
  expect(await seen(client)).toEqual([[second, 2, scene.owner.email]]);
});
