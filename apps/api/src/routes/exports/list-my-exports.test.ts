import { MyExports } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { createExportScene } from '../../testing/export-scene.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const list = async (caller: Caller, query = '') =>
  MyExports.parse((await caller.get(`/exports${query}`)).json());
const idsOf = async (caller: Caller, query = '') =>
  (await list(caller, query)).exports.map((e) => e.id);

describe('every export that somebody sees', () => {
  it('are those of the projects they make and those shared with them, newest first', async () => {
    const [mine, theirs] = [await createExportScene(server), await createExportScene(server)];
    const own = await mine.finished('my song');
    const shared = await theirs.finished('their song');
    await theirs.request();
    const latest = await mine.request();
    await theirs.owner.post(`/exports/${shared}/shares`, { userId: mine.owner.userId });

    const all = await list(mine.owner);
    expect(all.exports.map((e) => e.id)).toEqual([latest, shared, own]);
    expect(all.exports.map((e) => e.shared)).toEqual([false, true, false]);
    expect(all.exports[1]).toMatchObject({ sharedAt: expect.any(String), quarantined: false });
    expect(all.exports[1]?.result).toMatchObject({ bytes: 10 });
    expect(all.exports[0]).toMatchObject({ sharedAt: null, result: null, status: 'queued' });

    expect(await idsOf(mine.owner, '?shared=true')).toEqual([shared]);
    expect(await idsOf(mine.owner, '?shared=false')).toEqual([latest, own]);
    expect(await idsOf(mine.owner, '?status=completed')).toEqual([shared, own]);
    expect(await idsOf(mine.owner, `?projectId=${theirs.projectId}`)).toEqual([shared]);
    expect(await idsOf(mine.owner, `?projectId=${mine.projectId}&status=queued`)).toEqual([latest]);
    expect(await idsOf(mine.owner, `?projectId=${crypto.randomUUID()}`)).toEqual([]);
  });

  it('for a client are exactly what is shared with them', async () => {
    const scene = await createExportScene(server);
    const [one, two, three] = [
      await scene.finished(),
      await scene.request(),
      await scene.request(),
    ];
    const client = await scene.member('client');
    expect(await idsOf(client)).toEqual([]);
    await scene.owner.post(`/exports/${one}/shares`, { userId: client.userId });
    await scene.owner.post(`/exports/${three}/shares`, { clients: true });
    // Twice over is once.
    await scene.owner.post(`/exports/${one}/shares`, { clients: true });
    expect(await idsOf(client)).toEqual([three, one]);
    expect(await idsOf(client, '?shared=false')).toEqual([]);
    expect(await idsOf(scene.owner)).toEqual([three, two, one]);

    await scene.owner.delete(`/projects/${scene.projectId}/members/${client.userId}`);
    expect(await idsOf(client)).toEqual([one]);
    await scene.owner.delete(`/exports/${one}/shares/${client.userId}`);
    expect(await idsOf(client)).toEqual([]);
  });

  it('come in pages, also where several were made at the same moment', async () => {
    const scene = await createExportScene(server);
    for (let i = 0; i < 7; i++) await scene.request();
    await server.db.pool.query(
      "update daw_exports set created_at = '2026-01-25 12:00:00.123456+00' where project_id = $1",
      [scene.projectId],
    );
    const all = await idsOf(scene.owner);
    expect(all).toHaveLength(7);
    const paged: string[] = [];
    let query = '?limit=3';
    for (let pages = 0; query; pages++) {
      expect(pages).toBeLessThan(3);
      const { exports, next } = await list(scene.owner, query);
      paged.push(...exports.map((e) => e.id));
      query = next ? `?limit=3&cursor=${next}` : '';
    }
    expect(paged).toEqual(all);
  });

  it('are nobody’s without a token, and none of a stranger', async () => {
    expect((await server.anyone.get('/exports')).statusCode).toBe(401);
    expect(await list(await server.signUp())).toEqual({ exports: [], next: null });
    expect(await list(await server.signUp('guest'))).toEqual({ exports: [], next: null });
  });

  it('that are held back say so, and give nothing out', async () => {
    const scene = await createExportScene(server);
    const id = await scene.finished();
    await server.db.pool.query('update daw_exports set quarantined_at = now() where id = $1', [id]);
    expect((await list(scene.owner)).exports).toMatchObject([{ quarantined: true, result: null }]);
  });
});
