import { MAX_SHARES, Share, ShareList } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { createExportScene } from '../../testing/export-scene.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const codeOf = async (answer: Promise<{ statusCode: number; json(): { code?: string } }>) => {
  const { statusCode, json } = await answer;
  return statusCode < 400 ? statusCode : json().code;
};

describe('sharing an export', () => {
  it('shows it to an account by its address, once, and nothing else of the project', async () => {
    const scene = await createExportScene(server);
    const client = await server.signUp('client');
    const [id, other] = [await scene.finished('a song'), await scene.request()];
    expect(await codeOf(client.get(`/exports/${id}`))).toBe('not_found');

    const body = { email: ` ${client.email.toUpperCase()}`.trim() };
    const first = await scene.owner.post(`/exports/${id}/shares`, body);
    expect(first.statusCode).toBe(201);
    expect(Share.parse(first.json())).toMatchObject({
      userId: client.userId,
      email: client.email,
      sharedBy: { userId: scene.owner.userId, email: scene.owner.email },
    });
    const again = await scene.owner.post(`/exports/${id}/shares`, { userId: client.userId });
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);

    expect((await client.get(`/exports/${id}`)).json().result.bytes).toBe(6);
    const link = new URL(String((await client.get(`/exports/${id}/download`)).headers.location))
      .pathname;
    expect((await client.get(link)).body).toBe('a song');
    expect(await codeOf(client.get(`/exports/${other}`))).toBe('not_found');
    expect(await codeOf(client.get(`/projects/${scene.projectId}`))).toBe('not_found');
    expect(await codeOf(client.post(`/exports/${id}/cancel`))).toBe('not_found');
    expect(await codeOf(client.post(`/exports/${id}/retry`))).toBe('not_found');
  });

  it('ends at once, by whoever shared it or whoever has it', async () => {
    const scene = await createExportScene(server);
    const [one, two] = [await server.signUp('client'), await server.signUp()];
    const id = await scene.finished();
    for (const { userId } of [one, two])
      await scene.owner.post(`/exports/${id}/shares`, { userId });
    expect(await codeOf(one.delete(`/exports/${id}/shares/${two.userId}`))).toBe('forbidden');

    expect(await codeOf(scene.owner.delete(`/exports/${id}/shares/${one.userId}`))).toBe(204);
    expect(await codeOf(two.delete(`/exports/${id}/shares/${two.userId}`))).toBe(204);
    for (const caller of [one, two]) {
      expect(await codeOf(caller.get(`/exports/${id}`))).toBe('not_found');
      expect(await codeOf(caller.get(`/exports/${id}/download`))).toBe('not_found');
      expect(await codeOf(caller.get(`/exports/${id}/events`))).toBe('not_found');
    }
    const gone = await scene.owner.delete(`/exports/${id}/shares/${one.userId}`);
    expect(gone.json()).toMatchObject({ code: 'not_found', detail: 'It is not shared with them.' });
  });

  it('takes links along that were copied before, and nobody else’s', async () => {
    const scene = await createExportScene(server);
    const client = await server.signUp('client');
    const id = await scene.finished();
    await scene.owner.post(`/exports/${id}/shares`, { userId: client.userId });
    const linksOf = async (caller: Caller) => {
      const inView = (await caller.get(`/exports/${id}`)).json().result.downloadUrl;
      const inList = (await caller.get('/exports')).json().exports[0].result.downloadUrl;
      const { location } = (await caller.get(`/exports/${id}/download`)).headers;
      return [inView, inList, location].map((url) => new URL(String(url)).pathname);
    };
    const [mine, theirs] = [await linksOf(scene.owner), await linksOf(client)];
    const codes = async (links: readonly string[]) =>
      Promise.all(links.map(async (link) => (await server.anyone.get(link)).statusCode));
    expect(await codes([...mine, ...theirs])).toEqual([200, 200, 200, 200, 200, 200]);
    await scene.owner.delete(`/exports/${id}/shares/${client.userId}`);
    expect(await codes(theirs)).toEqual([404, 404, 404]);
    expect(await codes(mine)).toEqual([200, 200, 200]);
  });

  it('with every client of the project lasts as long as they are one', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const early = await scene.member('client');
    const answer = await scene.owner.post(`/exports/${id}/shares`, { clients: true });
    expect(answer.json()).toMatchObject({ userId: null, email: null });
    const late = await scene.member('client', 'pro');
    for (const client of [early, late]) {
      expect((await client.get(`/exports/${id}`)).json().status).toBe('queued');
    }
    await scene.owner.delete(`/projects/${scene.projectId}/members/${early.userId}`);
    expect(await codeOf(early.get(`/exports/${id}`))).toBe('not_found');
    expect(await codeOf(scene.owner.delete(`/exports/${id}/shares/clients`))).toBe(204);
    expect(await codeOf(late.get(`/exports/${id}`))).toBe('not_found');
    expect(await codeOf(scene.owner.delete(`/exports/${id}/shares/clients`))).toBe('not_found');
  });

  it('lists whom it is shown to, for those who share', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const [editor, one, two] = [
      await scene.member('editor'),
      await server.signUp('client'),
      await server.signUp('client'),
    ];
    await editor.post(`/exports/${id}/shares`, { email: one.email });
    await scene.owner.post(`/exports/${id}/shares`, { email: two.email });
    const emails = async (caller: Caller) =>
      ShareList.parse((await caller.get(`/exports/${id}/shares`)).json()).shares.map(
        (s) => s.email,
      );
    expect(await emails(scene.owner)).toEqual([one.email, two.email]);
    expect(await emails(editor)).toEqual([one.email, two.email]);
    expect(await emails(one)).toEqual([one.email]);
  });
});

describe('who may', () => {
  it('is told in this order: who you are, what you see, what you may, what you sent', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const [editor, client, seer, stranger, guest, admin] = [
      await scene.member('editor'),
      await scene.member('client'),
      await server.signUp('client'),
      await server.signUp(),
      await server.signUp('guest'),
      await server.signUp('admin'),
    ];
    await scene.owner.post(`/exports/${id}/shares`, { userId: seer.userId });
    const email = (await server.signUp('client')).email;
    const outcomes = async (caller: Caller) => [
      await codeOf(caller.post(`/exports/${id}/shares`, { email })),
      await codeOf(caller.get(`/exports/${id}/shares`)),
      await codeOf(caller.delete(`/exports/${id}/shares/clients`)),
    ];
    expect(await outcomes(server.anyone)).toEqual(new Array(3).fill('unauthenticated'));
    expect(await outcomes(stranger)).toEqual(new Array(3).fill('not_found'));
    expect(await outcomes(client)).toEqual(new Array(3).fill('not_found'));
    expect(await outcomes(admin)).toEqual(new Array(3).fill('not_found'));
    expect(await outcomes(guest)).toEqual(['guest_not_allowed', 'not_found', 'not_found']);
    expect(await outcomes(seer)).toEqual(['forbidden', 200, 'forbidden']);
    expect(await outcomes(editor)).toEqual([201, 200, 'not_found']);
    expect(await outcomes(scene.owner)).toEqual([200, 200, 'not_found']);
  });

  it('learns of nobody’s account without the right to share', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const stranger = await server.signUp();
    const known = await stranger.post(`/exports/${id}/shares`, { email: scene.owner.email });
    const unknown = await stranger.post(`/exports/${id}/shares`, { email: 'nobody@test.mixdown' });
    expect({ ...known.json(), requestId: '' }).toEqual({ ...unknown.json(), requestId: '' });
    const said = await scene.owner.post(`/exports/${id}/shares`, { email: 'nobody@test.mixdown' });
    expect(said.json()).toMatchObject({
      status: 404,
      detail: expect.stringContaining('Ask them to sign up'),
    });
  });

  it.each(['oneself', 'a guest', 'nobody'])('is not shared with %s', async (whom) => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const userId = {
      oneself: scene.owner.userId,
      'a guest': (await server.signUp('guest')).userId,
      nobody: crypto.randomUUID(),
    }[whom];
    const answer = await scene.owner.post(`/exports/${id}/shares`, { userId });
    expect(answer.json().code).toBe(whom === 'oneself' ? 'validation_failed' : 'not_found');
    expect((await scene.owner.get(`/exports/${id}/shares`)).json().shares).toEqual([]);
  });

  it('includes whoever made the export, as long as they see it', async () => {
    const scene = await createExportScene(server);
    const editor = await scene.member('editor');
    const id = await scene.request(editor);
    const { email } = await server.signUp('client');
    await scene.owner.put(`/projects/${scene.projectId}/members/${editor.userId}`, {
      role: 'client',
    });
    expect(await codeOf(editor.post(`/exports/${id}/shares`, { email }))).toBe('not_found');
    await scene.owner.post(`/exports/${id}/shares`, { clients: true });
    expect(await codeOf(editor.post(`/exports/${id}/shares`, { email }))).toBe(201);
    await scene.owner.delete(`/projects/${scene.projectId}/members/${editor.userId}`);
    expect(await codeOf(editor.delete(`/exports/${id}/shares/clients`))).toBe('not_found');
  });
});

describe('what stands against it', () => {
  it('a file that is gone or taken down', async () => {
    const scene = await createExportScene(server);
    const { email } = await server.signUp('client');
    for (const status of ['expired', 'revoked']) {
      const id = await scene.finished();
      await server.db.pool.query('update daw_exports set status = $2 where id = $1', [id, status]);
      const answer = await scene.owner.post(`/exports/${id}/shares`, { email });
      expect(answer.json()).toMatchObject({ status: 410, code: 'export_expired' });
    }
  });

  it('a hundred shares, also at once', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    await server.db.pool.query(
      `with added as (insert into auth.users (email) select 'many' || n || '-' || $1 || '@test.mixdown'
         from generate_series(1, ${MAX_SHARES - 2}) n returning id)
       insert into daw_export_shares (export_id, project_id, user_id) select $1::uuid, $2::uuid, id from added`,
      [id, scene.projectId],
    );
    const people = await Promise.all(Array.from({ length: 5 }, () => server.signUp('client')));
    const answers = await Promise.all(
      people.map(({ userId }) => scene.owner.post(`/exports/${id}/shares`, { userId })),
    );
    expect(answers.map((a) => a.statusCode).sort()).toEqual([201, 201, 429, 429, 429]);
    expect(answers.find((a) => a.statusCode === 429)?.json()).toMatchObject({
      code: 'quota_exceeded',
      detail: `An export is shared with ${MAX_SHARES} people at most.`,
    });
    const { shares } = (await scene.owner.get(`/exports/${id}/shares`)).json();
    expect(shares).toHaveLength(MAX_SHARES);
  });

  it('makes one share of the same one twenty times at once', async () => {
    const scene = await createExportScene(server);
    const id = await scene.request();
    const { userId } = await server.signUp('client');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => scene.owner.post(`/exports/${id}/shares`, { userId })),
    );
    expect(answers.map((a) => a.statusCode).sort()).toEqual([...new Array(19).fill(200), 201]);
    expect(new Set(answers.map((a) => a.body)).size).toBe(1);
  });
});
