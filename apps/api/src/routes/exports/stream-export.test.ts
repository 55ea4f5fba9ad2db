import { asService } from '@mixdown/database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signAccessToken } from '../../auth/embedded/access-tokens.ts';
import type { Account } from '../../auth/embedded/accounts.ts';
import { loadSigningSecret } from '../../auth/embedded/signing-secret.ts';
import { createServer } from '../../create-server.ts';
import type { Caller } from '../../testing/caller.ts';
import { type EventStream, openEventStream } from '../../testing/event-stream.ts';
import { createExportScene } from '../../testing/export-scene.ts';
import { fakeRender } from '../../testing/fake-render.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let origin = '';
const open: EventStream[] = [];
beforeAll(async () => {
  server = await createTestServer();
  origin = await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  for (const stream of open) await stream.close();
  await server.close();
});

async function stream(caller: Caller, id: string, lastEventId: string | null = null, at = origin) {
  const token = caller.session?.access_token;
  const opened = await openEventStream(`${at}/api/v1/daw/exports/${id}/events`, {
    token,
    lastEventId,
  });
  open.push(opened);
  return opened;
}
const namesOf = (events: readonly { event: string; data: { to?: string } }[]) =>
  events.map(({ event, data }) => (event === 'change' ? data.to : event));

/** What a worker does, one step at a time. */
const work = (statement: ReturnType<typeof sql>) =>
  asService(server.db.pool, (tx) => statement.execute(tx));
const begin = (id: string) =>
  work(sql`update daw_exports set status = 'rendering', attempt = attempt + 1, worker = 'test',
    lease_token = lease_token + 1, lease_expires_at = clock_timestamp() + interval '1 minute'
    where id = ${id}`);
const advance = (id: string, to: string) =>
  work(sql`select advance_export(id, lease_token, ${to}) from daw_exports where id = ${id}`);
const beat = (id: string, fraction: number) =>
  work(sql`select heartbeat_export(id, lease_token, 60,
    ${JSON.stringify({ fraction, etaSeconds: 7 })}::jsonb) from daw_exports where id = ${id}`);

describe('the stream of an export', () => {
  it('tells its state, then each change and its progress, until it has come to its end', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const events = await stream(scene.owner, id);
    expect(events.response.status).toBe(200);
    expect(Object.fromEntries(events.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(events.response.headers.get('content-encoding')).toBeNull();
    expect(await events.next()).toMatchObject({ event: 'state', data: { id, status: 'queued' } });

    await begin(id);
    const began = await events.next();
    expect(began).toMatchObject({ event: 'change', data: { from: 'queued', to: 'rendering' } });
    expect(began?.id).toBe(String(began?.data.id));
    const state = await events.next();
    expect(state).toMatchObject({ event: 'state', id: began?.id, data: { status: 'rendering' } });
    await beat(id, 0.25);
    expect(await events.next()).toEqual({
      event: 'progress',
      id: null,
      data: { stage: 'rendering', fraction: 0.25, etaSeconds: 7 },
    });
    for (const to of ['encoding', 'uploading']) {
      await advance(id, to);
      expect(namesOf([await events.next(), await events.next()] as never)).toEqual([to, 'state']);
    }
    await work(sql`select complete_export(id, lease_token,
      '{"bytes": 1, "sha256": "x", "durationSeconds": 1, "integratedLufs": -14, "truePeakDbtp": -1,
        "plugins": [], "omitted": []}', format('exports/%s/%s/%s.wav', project_id, id, lease_token))
      from daw_exports where id = ${id}`);
    const rest = await events.rest();
    expect(namesOf(rest)).toEqual(['completed', 'state', 'end']);
    expect(rest[1]?.data.result.downloadUrl).toMatch(/\/files\//);
    expect(rest[2]?.data).toEqual({ reason: 'finished' });
  });

  it('loses no change of many that come together', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const events = await stream(scene.owner, id);
    await events.next();
    await fakeRender(server, id, Buffer.from('x'));
    const names = namesOf(await events.rest());
    const changes = ['rendering', 'encoding', 'uploading', 'completed'];
    expect(names).toEqual([...changes, 'state', 'end']);
  });

  it('of one that has ended says so and ends', async () => {
    const scene = await createExportScene(server);
    const id = await scene.finished();
    const events = await (await stream(scene.owner, id)).rest();
    expect(namesOf(events)).toEqual(['state', 'end']);
    await scene.owner.post(`/exports/${id}/shares`, {
      userId: (await server.signUp('client')).userId,
    });
  });

  it('goes on where it broke', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const first = await stream(scene.owner, id);
    const state = await first.next();
    await begin(id);
    const heard = await first.next();
    await first.close();
    await scene.owner.post(`/exports/${id}/cancel`);
    await work(sql`select release_export(id, lease_token) from daw_exports where id = ${id}`);
    await scene.owner.post(`/exports/${id}/retry`);

    const resumed = await stream(scene.owner, id, heard?.id ?? null);
    const missed = [await resumed.next(), await resumed.next(), await resumed.next()];
    expect(namesOf(missed as never)).toEqual(['canceled', 'queued', 'state']);
    expect(missed[2]?.data.status).toBe('queued');
    const again = await stream(scene.owner, id, state?.id ?? null);
    expect(namesOf([await again.next(), await again.next()] as never)).toEqual([
      'rendering',
      'canceled',
    ]);
    for (const nonsense of ['x', '-1', '9'.repeat(400), '999999999999999']) {
      const fresh = await stream(scene.owner, id, nonsense);
      expect((await fresh.next())?.event, nonsense).toBe('state');
    }
  });

  it('is not opened by asking for its headers', async () => {
    const scene = await createExportScene(server);
    const url = `${origin}/api/v1/daw/exports/${await scene.request()}/events`;
    const headers = { authorization: `Bearer ${scene.owner.session?.access_token}` };
    for (let i = 0; i < 25; i++) {
      const answer = await fetch(url, { method: 'HEAD', headers });
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
  });

  it('keeps what admins noted to them', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const events = await stream(scene.owner, id);
    await events.next();
    const admin = await server.signUp('admin');
    await admin.post(`/admin/exports/${id}/revoke`, { reason: 'a private note' });
    const rest = await events.rest();
    expect(namesOf(rest)).toEqual(['canceled', 'state', 'end']);
    expect(rest[0]?.data.reason).toBeNull();
  });
});

describe('whose it is', () => {
  it('nobody’s without a right to see the export', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const url = `/exports/${id}/events`;
    expect((await server.anyone.get(url)).statusCode).toBe(401);
    for (const caller of [
      await server.signUp(),
      await server.signUp('guest'),
      await scene.member('client'),
    ]) {
      expect((await caller.get(url)).json()).toMatchObject({ status: 404, code: 'not_found' });
    }
    const nothing = await scene.owner.get(`/exports/${crypto.randomUUID()}/events`);
    expect(nothing.json().code).toBe('not_found');
  });

  it('ends at once when the export is no longer shared', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const [named, one] = [await server.signUp('client'), await scene.member('client')];
    await scene.owner.post(`/exports/${id}/shares`, { userId: named.userId });
    await scene.owner.post(`/exports/${id}/shares`, { clients: true });
    const streams = [await stream(named, id), await stream(one, id)];
    for (const events of streams) expect((await events.next())?.event).toBe('state');
    await scene.owner.delete(`/exports/${id}/shares/${named.userId}`);
    await scene.owner.delete(`/exports/${id}/shares/clients`);
    for (const events of streams) {
      expect(await events.rest()).toEqual([
        { event: 'end', id: null, data: { reason: 'access_lost' } },
      ]);
    }
  });

  it.each(['removed', 'made a client'])('ends at once when an editor is %s', async (how) => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const editor = await scene.member('editor');
    const [theirs, owners] = [await stream(editor, id), await stream(scene.owner, id)];
    for (const events of [theirs, owners]) await events.next();
    const url = `/projects/${scene.projectId}/members/${editor.userId}`;
    if (how === 'removed') await scene.owner.delete(url);
    else await scene.owner.put(url, { role: 'client' });
    expect((await theirs.rest()).map((e) => e.data)).toEqual([{ reason: 'access_lost' }]);
    await begin(id);
    expect((await owners.next())?.data.to).toBe('rendering');
  });

  it('ends when the project goes', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const events = await stream(scene.owner, id);
    await events.next();
    await scene.owner.delete(`/projects/${scene.projectId}`);
    expect((await events.rest()).at(-1)?.data).toEqual({ reason: 'access_lost' });
  });

  it('ends at once with signing out, and with the token', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const events = await stream(scene.owner, id);
    await events.next();
    await scene.owner.post('/auth/v1/logout');
    expect((await events.rest()).map((e) => e.data)).toEqual([{ reason: 'token_expired' }]);

    const other = await createExportScene(server);
    const [account] = (
      await server.db.pool.query<Account>(
        `select id, email, is_anonymous as "isAnonymous", raw_app_meta_data as "appMetadata",
         raw_user_meta_data as "userMetadata" from auth.users where id = $1`,
        [other.owner.userId],
      )
    ).rows;
    const { rows } = await server.db.pool.query<{ session_id: string }>(
      'select session_id from mixdown_auth.refresh_tokens where user_id = $1',
      [other.owner.userId],
    );
    // Run out by the clock, within the few seconds that clocks may differ by: accepted, and over at once.
    const token = await signAccessToken(account as Account, {
      sessionId: rows[0]?.session_id as string,
      secret: await loadSigningSecret(server.dataDir),
      nowSeconds: Math.floor(Date.now() / 1000) - 3601,
    });
    const late = await openEventStream(
      `${origin}/api/v1/daw/exports/${await other.request()}/events`,
      { token },
    );
    expect(namesOf(await late.rest())).toEqual(['state', 'end']);
  });
});

/** Connections of this server that listen. */
const listeners = async () =>
  (
    await server.db.pool.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and application_name = 'mixdown listen'`,
    )
  ).rows[0]?.n;

describe('many streams', () => {
  it('share one connection to the database, and an account has twenty at most', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const streams = [await stream(scene.owner, id)];
    const before = await listeners();
    for (let i = 1; i < 20; i++) streams.push(await stream(scene.owner, id));
    const over = await scene.owner.get(`/exports/${id}/events`);
    expect(over.json()).toMatchObject({ status: 429, code: 'quota_exceeded', limit: 20 });
    expect(over.headers['retry-after']).toBe('5');
    const editor = await scene.member('editor');
    expect((await stream(editor, id)).response.status).toBe(200);
    expect(await listeners()).toBe(before);

    await streams[0]?.close();
    await vi.waitFor(async () => {
      const next = await stream(scene.owner, id);
      if (next.response.status !== 200) throw new Error('not yet');
    });
    for (const events of streams.slice(1)) await events.close();
  });

  it('hear what happened while the database’s connection was broken', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const events = await stream(scene.owner, id);
    await events.next();
    await server.db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'mixdown listen'`,
    );
    await begin(id);
    expect((await events.next())?.data.to).toBe('rendering');
  });

  it('end with the server, which then closes', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const app = await createServer(server.deps);
    const at = await app.listen({ port: 0, host: '127.0.0.1' });
    const streams = [
      await stream(scene.owner, id, null, at),
      await stream(scene.owner, id, null, at),
    ];
    for (const events of streams) await events.next();
    await app.close();
    for (const events of streams) {
      expect((await events.rest()).map((e) => e.data)).toEqual([{ reason: 'shutting_down' }]);
    }
  });

  it('leave nothing behind, and nothing was our own fault', async () => {
    for (const events of open) await events.close();
    expect(server.errors).toEqual([]);
  });
});
