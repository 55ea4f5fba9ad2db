import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createServer } from '../../create-server.ts';
import type { Caller } from '../../testing/caller.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';
import { createLiveSessions } from './live-sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const projects = async (caller: Caller) => {
  const answer = await caller.get('/projects');
  return answer.statusCode === 200 ? 200 : answer.json().code;
};
const sessionOf = async (userId: string) => {
  const { rows } = await server.db.pool.query<{ id: string }>(
    'select session_id as id from mixdown_auth.refresh_tokens where user_id = $1 limit 1',
    [userId],
  );
  return rows[0]?.id as string;
};

describe('an access token', () => {
  it.each(['local', 'global'])('is worth nothing once signed out (%s)', async (scope) => {
    const pro = await server.signUp();
    expect(await projects(pro)).toBe(200);
    expect((await pro.post(`/auth/v1/logout?scope=${scope}`)).statusCode).toBe(204);
    expect(await projects(pro)).toBe('token_invalid');
  });

  it('lives on where the others are signed out', async () => {
    const pro = await server.signUp();
    const grant = { email: pro.email, password: 'long enough' };
    const url = '/auth/v1/token?grant_type=password';
    const other = (await server.anyone.post(url, grant)).json().access_token;
    const asOther = { authorization: `Bearer ${other}` };
    expect((await server.anyone.get('/projects', asOther)).statusCode).toBe(200);
    await pro.post('/auth/v1/logout?scope=others');
    expect(await projects(pro)).toBe(200);
    expect((await server.anyone.get('/projects', asOther)).statusCode).toBe(401);
  });

  it('ends with its family when a refresh token is reused', async () => {
    const pro = await server.signUp();
    const refresh = () =>
      server.anyone.post('/auth/v1/token?grant_type=refresh_token', {
        refresh_token: pro.session?.refresh_token,
      });
    const next = (await refresh()).json().access_token;
    expect(await projects(pro)).toBe(200);
    await server.db.pool.query(
      "update mixdown_auth.refresh_tokens set used_at = used_at - interval '11 s' where user_id = $1",
      [pro.userId],
    );
    expect((await refresh()).json().code).toBe('refresh_token_already_used');
    expect(await projects(pro)).toBe('token_invalid');
    const heir = await server.anyone.get('/projects', { authorization: `Bearer ${next}` });
    expect(heir.statusCode).toBe(401);
  });

  it('of another session ends with a new password', async () => {
    const pro = await server.signUp();
    const grant = { email: pro.email, password: 'long enough' };
    const other = await server.anyone.post('/auth/v1/token?grant_type=password', grant);
    const headers = { authorization: `Bearer ${other.json().access_token}` };
    expect((await server.anyone.get('/projects', headers)).statusCode).toBe(200);
    await pro.put('/auth/v1/user', { password: 'another one' });
    expect((await server.anyone.get('/projects', headers)).statusCode).toBe(401);
    expect(await projects(pro)).toBe(200);
  });

  it('ends with the account', async () => {
    const pro = await server.signUp();
    await server.db.pool.query('delete from auth.users where id = $1', [pro.userId]);
    expect(await projects(pro)).toBe('token_invalid');
  });

  it('ends at another process as well', async () => {
    const pro = await server.signUp();
    const app = await createServer(server.deps);
    try {
      const headers = { authorization: `Bearer ${pro.session?.access_token}` };
      const ask = async () =>
        (await app.inject({ url: '/api/v1/daw/projects', headers })).statusCode;
      expect(await ask()).toBe(200);
      await pro.post('/auth/v1/logout');
      await vi.waitFor(async () => expect(await ask()).toBe(401), { timeout: 10_000 });
    } finally {
      await app.close();
    }
  });
});

describe('the sessions that a process believes in', () => {
  /** A clock that stands still, and how often the database was asked. */
  const scene = async () => {
    const { userId } = await server.signUp();
    const clock = { now: 0 };
    const connect = vi.spyOn(server.db.pool, 'connect');
    const sessions = createLiveSessions(server.db.pool, () => clock.now);
    const id = await sessionOf(userId);
    return { id, userId, clock, connect, sessions };
  };

  it('are asked about once in two seconds, however many requests there are', async () => {
    const { id, userId, clock, connect, sessions } = await scene();
    const asked = connect.mock.calls.length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => sessions.isAlive(id, userId)),
    );
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(connect.mock.calls.length - asked).toBe(1);
    clock.now = 1_999;
    await sessions.isAlive(id, userId);
    expect(connect.mock.calls.length - asked).toBe(1);
    clock.now = 2_000;
    await sessions.isAlive(id, userId);
    expect(connect.mock.calls.length - asked).toBe(2);
    sessions.forgetUser(userId);
    await sessions.isAlive(id, userId);
    expect(connect.mock.calls.length - asked).toBe(3);
    connect.mockRestore();
  });

  it('are asked about again after a question that failed', async () => {
    const { id, userId, connect, sessions } = await scene();
    connect.mockImplementationOnce(() => Promise.reject(new Error('away')));
    await expect(sessions.isAlive(id, userId)).rejects.toThrow('away');
    expect(await sessions.isAlive(id, userId)).toBe(true);
    connect.mockRestore();
  });
});
