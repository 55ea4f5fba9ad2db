import { Project, ProjectList, ProjectSnapshot } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let pro: Caller;
beforeAll(async () => {
  server = await createTestServer();
  pro = await server.signUp();
});
afterAll(() => server.close());

describe('a project', () => {
  it('lives from its creation to its deletion', async () => {
    const created = await pro.post('/projects', { name: '  Night drive ', tempo: 98 });
    expect(created.statusCode).toBe(201);
    const project = Project.parse(created.json());
    expect(project).toMatchObject({ name: 'Night drive', tempo: 98, sampleRate: 48000, seq: 0 });
    expect(created.headers.location).toBe(`/api/v1/daw/projects/${project.id}`);

    const renamed = await pro.patch(`/projects/${project.id}`, { name: 'Day drive' });
    expect(renamed.json()).toMatchObject({ name: 'Day drive', tempo: 98, seq: 1 });
    const trackId = await pro.addTrack(project.id);
    const snapshot = ProjectSnapshot.parse((await pro.get(`/projects/${project.id}`)).json());
    expect(snapshot).toMatchObject({
      role: 'owner',
      project: { seq: 2 },
      tracks: [{ id: trackId }],
    });

    const { projects } = ProjectList.parse((await pro.get('/projects')).json());
    expect(projects.find((p) => p.id === project.id)).toMatchObject({
      trackCount: 1,
      role: 'owner',
    });
    expect((await pro.delete(`/projects/${project.id}`)).statusCode).toBe(204);
    expect((await pro.get(`/projects/${project.id}`)).statusCode).toBe(404);
  });

  it('keeps SQL, HTML and every script in its name as it is', async () => {
    for (const name of [
      "'; drop table daw_projects; --",
      '<img src=x onerror=1>',
      '夜 🎹 \u202e',
    ]) {
      const id = await pro.createProject(name);
      expect((await pro.get(`/projects/${id}`)).json().project.name).toBe(name.trim());
    }
  });

  it('is copied from the demo, once for a guest', async () => {
    const guest = await server.signUp('guest');
    expect((await guest.post('/projects', { name: 'x', from: 'demo' })).json()).toMatchObject({
      code: 'unavailable',
    });
    const demo = await pro.createProject('Demo');
    await pro.addPlugin(demo, await pro.addTrack(demo, { name: 'Drums' }));
    await server.db.pool.query('update daw_projects set is_demo = true where id = $1', [demo]);
    const copy = await guest.createProject().catch((error: Error) => error);
    expect(String(copy)).toContain('guest_not_allowed');
    const first = (await guest.post('/projects', { name: 'Mine', from: 'demo' })).json();
    const again = (await guest.post('/projects', { name: 'Mine', from: 'demo' })).json();
    expect(again.id).toBe(first.id);
    const snapshot = (await guest.get(`/projects/${first.id}`)).json();
    expect(snapshot).toMatchObject({
      project: { name: 'Mine', isDemo: false },
      tracks: [{ name: 'Drums' }],
      plugins: [{ catalogId: 'test.gain' }],
    });
    expect((await guest.get(`/projects/${demo}`)).statusCode).toBe(404);
  });
});

describe('members', () => {
  it('are invited, change roles, see what is theirs, and leave', async () => {
    const [ana, client] = [await server.signUp(), await server.signUp('client')];
    const id = await pro.createProject();
    const invite = (email: string, role: string) =>
      pro.put(`/projects/${id}/members`, { email, role });
    expect((await invite(ana.email.toUpperCase(), 'editor')).json()).toMatchObject({
      userId: ana.userId,
      role: 'editor',
    });
    expect((await invite(client.email, 'client')).statusCode).toBe(200);
    expect((await invite('nobody@test.mixdown', 'client')).json().code).toBe('not_found');
    expect((await invite(pro.email, 'client')).json().code).toBe('forbidden');

    const roles = (await ana.get(`/projects/${id}/members`)).json().members;
    expect(roles.map((m: { role: string }) => m.role)).toEqual(['owner', 'editor', 'client']);
    const seen = (await client.get(`/projects/${id}/members`)).json().members;
    expect(seen.map((m: { userId: string }) => m.userId).sort()).toEqual(
      [pro.userId, client.userId].sort(),
    );

    expect((await ana.addTrack(id)).length).toBe(36);
    const demoted = await pro.put(`/projects/${id}/members/${ana.userId}`, { role: 'client' });
    expect(demoted.json().role).toBe('client');
    expect((await ana.post(`/projects/${id}/tracks`, {})).json().code).toBe('forbidden');
    const outs = [
      await ana.delete(`/projects/${id}/members/${client.userId}`),
      await client.delete(`/projects/${id}/members/${ana.userId}`),
      await ana.delete(`/projects/${id}/members/${pro.userId}`),
      await ana.delete(`/projects/${id}/members/${crypto.randomUUID()}`),
    ];
    // Of whom they do not see, clients do not learn whether they belong to it.
    expect(outs.map((a) => a.statusCode)).toEqual([404, 404, 403, 404]);
    expect((await ana.delete(`/projects/${id}/members/${ana.userId}`)).statusCode).toBe(204);
    expect((await ana.get(`/projects/${id}`)).statusCode).toBe(404);
    const owner = await pro.delete(`/projects/${id}/members/${pro.userId}`);
    expect(owner.json()).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: expect.stringContaining('The owner of a project stays its owner'),
    });
    const nobody = `/projects/${id}/members/${crypto.randomUUID()}`;
    expect((await pro.put(nobody, { role: 'editor' })).json().code).toBe('not_found');
  });
});

describe('who may do what', () => {
  const ANSWERS = {
    // [method, address, body]: nobody, stranger, client, editor, owner
    'GET ': [401, 404, 403, 200, 200],
    'GET /exports': [401, 404, 200, 200, 200],
    'GET /members': [401, 404, 200, 200, 200],
    'PATCH ': [401, 404, 403, 200, 200],
    'POST /tracks': [401, 404, 403, 201, 201],
    'POST /export': [401, 404, 403, 400, 400],
    'PUT /members': [401, 404, 403, 403, 400],
    'DELETE ': [401, 404, 403, 403, 204],
  } as const;
  let callers: Caller[] = [];
  let id = '';
  beforeAll(async () => {
    const editor = await server.signUp();
    const client = await server.signUp('client');
    id = await pro.createProject();
    for (const [caller, role] of [
      [editor, 'editor'],
      [client, 'client'],
    ] as const) {
      await pro.put(`/projects/${id}/members/${caller.userId}`, { role });
    }
    callers = [server.anyone, await server.signUp(), client, editor, pro];
  });

  it.each(Object.entries(ANSWERS))('%s', async (what, statuses) => {
    const [method, rest = ''] = what.split(' ');
    const url = `/projects/${id}${rest}`;
    const answers = [];
    for (const caller of callers) {
      const send = { GET: caller.get, POST: caller.post, PUT: caller.put, PATCH: caller.patch };
      const answer =
        method === 'DELETE'
          ? caller.delete(url)
          : method === 'GET'
            ? caller.get(url)
            : send[method as 'POST'](url, {});
      answers.push((await answer).statusCode);
    }
    expect(answers).toEqual(statuses);
  });

  it('judges the request only for those who may see the project', async () => {
    const other = await pro.createProject();
    const bad = { nonsense: true };
    const [nobody, stranger] = callers as [Caller, Caller];
    expect((await nobody.patch(`/projects/${other}`, bad)).statusCode).toBe(401);
    expect((await stranger.patch(`/projects/${other}`, bad)).statusCode).toBe(404);
    expect((await pro.patch(`/projects/${other}`, bad)).statusCode).toBe(400);
  });

  it('lets clients neither make projects nor edit one that was theirs', async () => {
    const client = callers[2] as Caller;
    expect((await client.post('/projects', { name: 'x' })).json().code).toBe('forbidden');
    await pro.put(`/projects/${await pro.createProject()}/members/${client.userId}`, {
      role: 'editor',
    });
    const { projects } = (await client.get('/projects')).json();
    const edited = projects.find((p: { role: string }) => p.role === 'editor');
    expect((await client.get(`/projects/${edited.id}`)).statusCode).toBe(200);
    expect((await client.patch(`/projects/${edited.id}`, { name: 'y' })).statusCode).toBe(403);
  });
});
