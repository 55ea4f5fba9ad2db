import { AdminAudit, AdminExports, AdminReveal, AdminReview } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { createExportScene } from '../../testing/export-scene.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';
import { DAW_ROUTES } from '../index.ts';

let server: TestServer;
let admin: Caller;
beforeAll(async () => {
  server = await createTestServer();
  admin = await server.signUp('admin');
});
afterAll(() => server.close());

const reason = 'reported by a label';
const review = (id: string, action: string, why = reason) =>
  admin.post(`/admin/exports/${id}/${action}`, { reason: why });
const linkOf = async (caller: Caller, id: string) => {
  const answer = await caller.get(`/exports/${id}/download`);
  return new URL(String(answer.headers.location)).pathname;
};
const auditOf = async (query: string) =>
  AdminAudit.parse((await admin.get(`/admin/audit?${query}`)).json());

describe('admin endpoints', () => {
  const routes = DAW_ROUTES.filter((route) => route.url.startsWith('/admin'));
  it('are all an admin’s alone', async () => {
    expect(routes.map((route) => route.access)).toEqual(routes.map(() => 'admin'));
    const scene = await createExportScene(server);
    const id = await scene.finished();
    const callers = [
      scene.owner,
      await scene.member('editor'),
      await scene.member('client'),
      await server.signUp('guest'),
    ];
    for (const { method, url } of routes) {
      const address = url.replace(':exportId', id).replace(':userId', scene.owner.userId);
      const ask = (caller: Caller) =>
        method === 'GET' ? caller.get(address) : caller.post(address, { bad: 1 });
      for (const caller of callers) {
        expect((await ask(caller)).json(), url).toMatchObject({ status: 403, code: 'forbidden' });
      }
      expect((await ask(server.anyone)).statusCode, url).toBe(401);
    }
    expect((await auditOf(`export=${id}`)).entries).toEqual([]);
  });

  it('are the only ones at which an admin sees other people’s exports', async () => {
    const scene = await createExportScene(server);
    const id = await scene.finished();
    for (const url of [
      `/exports/${id}`,
      `/exports/${id}/download`,
      `/exports/${id}/events`,
      `/exports/${id}/shares`,
      `/projects/${scene.projectId}`,
      `/projects/${scene.projectId}/exports`,
    ]) {
      expect((await admin.get(url)).json(), url).toMatchObject({ code: 'not_found' });
    }
    expect((await admin.get('/exports')).json().exports).toEqual([]);
  });
});

describe('the overview', () => {
  it('shows who exports what and how much, in pages and by filter', async () => {
    const scene = await createExportScene(server);
    const done = await scene.finished('123456');
    const ids = [done, await scene.request(), await scene.request()];
    await scene.owner.post(`/exports/${done}/shares`, { userId: admin.userId });
    const list = async (query: string) =>
      AdminExports.parse((await admin.get(`/admin/exports?${query}`)).json());
    const user = scene.owner.userId;

    const all = await list(`user=${user}`);
    expect(all.exports.map((e) => e.id)).toEqual(ids.toReversed());
    expect(all.next).toBeNull();
    expect(all.exports.at(-1)).toMatchObject({
      projectName: 'Night drive',
      requestedBy: { userId: user, email: scene.owner.email },
      status: 'completed',
      bytes: 6,
      durationSeconds: 10,
      shares: 1,
      reviewedBy: null,
      quarantinedAt: null,
    });
    expect(JSON.stringify(all)).not.toMatch(/downloadUrl|objectKey|\/files\//);
    expect(all.users).toEqual([
      {
        userId: user,
        email: scene.owner.email,
        exports: 3,
        exportsLastDay: 3,
        bytes: 6,
        bytesLastDay: 6,
        suspended: false,
        suspendedReason: null,
      },
    ]);

    const first = await list(`user=${user}&limit=2`);
    const second = await list(`user=${user}&limit=2&cursor=${first.next}`);
    expect([...first.exports, ...second.exports].map((e) => e.id)).toEqual(ids.toReversed());
    expect(second.next).toBeNull();

    await review(done, 'quarantine');
    const held = await list(`user=${user}&quarantined=true`);
    expect(held.exports.map((e) => e.id)).toEqual([done]);
    expect(held.exports[0]?.reviewedBy).toEqual({ userId: admin.userId, email: admin.email });
    expect((await list(`user=${user}&status=queued`)).exports).toHaveLength(2);
    expect((await list(`user=${user}&before=2000-01-01T00:00:00Z`)).exports).toEqual([]);
    const nobody = await list(`user=${crypto.randomUUID()}`);
    expect(nobody).toEqual({ exports: [], users: [], next: null });
  });
});

describe('review', () => {
  it('claims, holds back and lets go, each with a reason on record', async () => {
    const scene = await createExportScene(server);
    const id = await scene.finished('a song');
    const link = await linkOf(scene.owner, id);
    expect(AdminReview.parse((await review(id, 'claim')).json())).toEqual({
      id,
      status: 'completed',
      reviewedBy: admin.userId,
      quarantined: false,
    });
    expect((await server.anyone.get(link)).body).toBe('a song');

    expect((await review(id, 'quarantine', ' rights unclear ')).json().quarantined).toBe(true);
    const held = await scene.owner.get(`/exports/${id}/download`);
    expect(held.json()).toMatchObject({ code: 'forbidden', status: 403 });
    expect((await server.anyone.get(link)).json()).toMatchObject({ code: 'forbidden' });
    expect((await scene.owner.get(`/exports/${id}`)).json().result).toBeNull();

    expect((await review(id, 'release')).json()).toMatchObject({
      quarantined: false,
      reviewedBy: null,
    });
    expect((await server.anyone.get(link)).body).toBe('a song');
    const { entries } = await auditOf(`export=${id}`);
    expect(entries.map((e) => [e.action, e.reason])).toEqual([
      ['export.release', reason],
      ['export.quarantine', 'rights unclear'],
      ['export.claim', reason],
    ]);
    expect(entries[0]).toMatchObject({
      adminEmail: admin.email,
      userEmail: scene.owner.email,
      projectId: scene.projectId,
      details: { status: 'completed' },
    });
  });

  it('takes down at once: copied links and the file itself are gone', async () => {
    const scene = await createExportScene(server);
    const client = await server.signUp('client');
    const id = await scene.finished('a song');
    await scene.owner.post(`/exports/${id}/shares`, { userId: client.userId });
    const links = [await linkOf(scene.owner, id), await linkOf(client, id)];
    const prefix = `exports/${scene.projectId}/${id}/`;
    const files = async () => {
      const keys: string[] = [];
      for await (const { key } of server.storage.list(prefix)) keys.push(key);
      return keys;
    };
    expect(await files()).toHaveLength(1);

    expect((await review(id, 'revoke')).json().status).toBe('revoked');
    expect(await files()).toEqual([]);
    for (const link of links) expect((await server.anyone.get(link)).statusCode).toBe(404);
    for (const caller of [scene.owner, client]) {
      const answer = await caller.get(`/exports/${id}/download`);
      expect(answer.json()).toMatchObject({ status: 410, code: 'export_expired' });
      expect((await caller.get(`/exports/${id}`)).json()).toMatchObject({
        status: 'revoked',
        result: null,
      });
    }
    expect((await review(id, 'revoke')).json().code).toBe('illegal_transition');
    expect((await review(id, 'reveal')).json().code).toBe('export_expired');
    expect((await scene.owner.get(`/exports/${id}/shares`)).statusCode).toBe(200);
  });

  it('takes a file down though the store does not answer, and leaves it to the reaper', async () => {
    const scene = await createExportScene(server);
    const id = await scene.finished();
    const { delete: remove } = server.storage;
    server.storage.delete = () => Promise.reject(new Error('the store is away'));
    try {
      expect((await review(id, 'revoke')).json().status).toBe('revoked');
    } finally {
      server.storage.delete = remove;
    }
    const { rows } = await server.db.pool.query(
      'select is_prefix from private.orphaned_objects where key = $1',
      [`exports/${scene.projectId}/${id}/`],
    );
    expect(rows).toEqual([{ is_prefix: true }]);
    expect((await scene.owner.get(`/exports/${id}/download`)).statusCode).toBe(410);
  });

  it('of what waits cancels it', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    expect((await review(id, 'revoke')).json().status).toBe('canceled');
    const [last] = (await auditOf(`export=${id}`)).entries;
    expect(last).toMatchObject({ action: 'export.revoke', details: { status: 'queued' } });
  });

  it('of nothing is refused, and not on record', async () => {
    const id = crypto.randomUUID();
    for (const action of ['claim', 'quarantine', 'release', 'revoke', 'reveal']) {
      expect((await review(id, action)).json().code, action).toBe('not_found');
    }
    expect((await auditOf(`export=${id}`)).entries).toEqual([]);
  });
});

describe('listening', () => {
  it('is written down, short, and plays what is held back', async () => {
    const scene = await createExportScene(server);
    const id = await scene.finished('a song');
    await review(id, 'quarantine');
    const answer = await review(id, 'reveal');
    const { url, urlExpiresAt, fileName } = AdminReveal.parse(answer.json());
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(fileName).toBe('Night drive.wav');
    const life = Date.parse(urlExpiresAt) - Date.now();
    expect(life).toBeGreaterThan(4 * 60_000);
    expect(life).toBeLessThanOrEqual(5 * 60_000);
    const link = new URL(url).pathname;
    const heard = await server.anyone.get(link, { range: 'bytes=0-0' });
    expect([heard.statusCode, heard.body]).toEqual([206, 'a']);
    expect(heard.headers['content-disposition']).toBe('inline');
    const [entry] = (await auditOf(`export=${id}&action=export.reveal`)).entries;
    expect(entry).toMatchObject({ reason, adminId: admin.userId, details: { quarantined: true } });

    await review(id, 'revoke');
    expect((await server.anyone.get(link)).statusCode).toBe(404);
  });

  it('waits for the file', async () => {
    const scene = await createExportScene(server);
    expect((await review(await scene.request(), 'reveal')).json().code).toBe('export_not_ready');
  });
});

describe('suspension', () => {
  const act = (userId: string, verb: string) =>
    admin.post(`/admin/users/${userId}/${verb}`, { reason });

  it('takes the right to export and to share, until it is given back', async () => {
    const scene = await createExportScene(server);
    const { userId } = scene.owner;
    const [waiting, done] = [await scene.request(), await scene.finished()];
    expect((await act(userId, 'suspend')).json()).toEqual({ userId, suspended: true });
    expect((await scene.owner.get(`/exports/${waiting}`)).json().status).toBe('canceled');
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const url = `/projects/${scene.projectId}/export`;
    expect((await scene.owner.post(url, {}, headers)).json().code).toBe('forbidden');
    const { email } = await server.signUp('client');
    const share = () => scene.owner.post(`/exports/${done}/shares`, { email });
    expect((await share()).json()).toMatchObject({ code: 'forbidden' });
    const { users } = (await admin.get(`/admin/exports?user=${userId}`)).json();
    expect(users).toMatchObject([{ suspended: true, suspendedReason: reason }]);

    expect((await act(userId, 'reinstate')).json()).toEqual({ userId, suspended: false });
    expect((await scene.owner.post(url, {}, headers)).statusCode).toBe(202);
    expect((await share()).statusCode).toBe(201);
    const actions = (await auditOf(`user=${userId}`)).entries.map((e) => e.action);
    expect(actions).toEqual(['user.reinstate', 'user.suspend']);
  });

  it('is of accounts that exist', async () => {
    for (const verb of ['suspend', 'reinstate']) {
      expect((await act(crypto.randomUUID(), verb)).json().code).toBe('not_found');
    }
  });
});

describe('the audit trail', () => {
  it('is read in pages and by filter, and outlives what it speaks of', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    for (const why of ['one of five', 'two of five', 'three of five', 'four of five', 'the last'])
      await review(id, 'claim', why);
    await scene.owner.delete(`/projects/${scene.projectId}`);
    const reasons: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: typeof AdminAudit._output = await auditOf(
        `export=${id}&admin=${admin.userId}&limit=2${next && `&cursor=${next}`}`,
      );
      reasons.push(...page.entries.map((entry) => entry.reason));
      next = page.next;
    }
    expect(reasons).toEqual([
      'the last',
      'four of five',
      'three of five',
      'two of five',
      'one of five',
    ]);
    expect((await auditOf(`export=${id}&action=export.revoke`)).entries).toEqual([]);
    expect((await auditOf(`export=${id}&before=2000-01-01T00:00:00Z`)).entries).toEqual([]);
    expect((await auditOf(`export=${id}&user=${admin.userId}`)).entries).toEqual([]);
  });
});

describe('afterwards', () => {
  it('nothing was our own fault', () => expect(server.errors).toEqual([]));
});
