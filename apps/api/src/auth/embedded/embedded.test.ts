import { AuthClient } from '@supabase/auth-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let url = '';
beforeAll(async () => {
  server = await createTestServer();
  url = `${await server.app.listen({ port: 0, host: '127.0.0.1' })}/auth/v1`;
});
afterAll(() => server.close());

/** A browser of its own. */
function browser() {
  const kept = new Map<string, string>();
  return new AuthClient({
    url,
    autoRefreshToken: false,
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
  });
}
const newEmail = () => `u-${crypto.randomUUID()}@test.mixdown`;
const password = 'correct horse';

describe('the embedded sign-in, through auth-js', () => {
  it('signs up, out, and in again', async () => {
    const client = browser();
    const email = newEmail();
    const { data, error } = await client.signUp({ email: email.toUpperCase(), password });
    expect(error).toBeNull();
    expect(data.user).toMatchObject({ email, app_metadata: { daw_role: 'pro' } });
    expect((await client.getUser()).data.user?.id).toBe(data.user?.id);
    expect((await client.signOut()).error).toBeNull();
    expect((await client.getSession()).data.session).toBeNull();
    const again = await browser().signInWithPassword({ email, password });
    expect(again.data.user?.id).toBe(data.user?.id);
  });

  it('makes an account of a guest under the same id, with their project', async () => {
    const client = browser();
    const guest = await client.signInAnonymously();
    expect(guest.data.user?.is_anonymous).toBe(true);
    const id = guest.data.user?.id as string;
    await server.db.pool.query(
      "insert into daw_projects (owner_id, name) values ($1, 'of a guest')",
      [id],
    );
    const email = newEmail();
    const { data, error } = await client.updateUser({ email, password });
    expect(error).toBeNull();
    expect(data.user).toMatchObject({ id, email, is_anonymous: false });
    const { data: renewed } = await client.refreshSession();
    expect(renewed.user?.app_metadata.daw_role).toBe('pro');
    const answer = await fetch(`${url}/../../api/v1/daw/projects`, {
      headers: { authorization: `Bearer ${renewed.session?.access_token}` },
    });
    expect(await answer.json()).toMatchObject({ projects: [{ name: 'of a guest' }] });
    expect((await browser().signInWithPassword({ email, password })).data.user?.id).toBe(id);
  });

  it.each([
    ['a taken e-mail', { password }, 'user_already_exists'],
    ['a short password', { email: newEmail(), password: 'short' }, 'weak_password'],
    ['no e-mail address', { email: 'nobody', password }, 'email_address_invalid'],
  ])('refuses %s, in words', async (_, body, code) => {
    const email = newEmail();
    await browser().signUp({ email, password });
    const { error } = await browser().signUp({ email, ...body });
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(/\.$/);
  });

  it('says the same about an unknown e-mail and a wrong password', async () => {
    const email = newEmail();
    await browser().signUp({ email, password });
    const wrong = await browser().signInWithPassword({ email, password: 'another one' });
    const unknown = await browser().signInWithPassword({ email: newEmail(), password });
    expect(wrong.error?.code).toBe('invalid_credentials');
    expect(unknown.error?.message).toBe(wrong.error?.message);
  });

  it('gives nobody the e-mail of somebody else', async () => {
    const email = newEmail();
    await browser().signUp({ email, password });
    const guest = browser();
    await guest.signInAnonymously();
    const { error } = await guest.updateUser({ email, password });
    expect(error?.code).toBe('email_exists');
  });

  it('does not take roles that people give themselves', async () => {
    const client = browser();
    const { data } = await client.signUp({
      email: newEmail(),
      password,
      options: { data: { daw_role: 'admin', app_metadata: { daw_role: 'admin' } } },
    });
    expect(data.user?.app_metadata.daw_role).toBe('pro');
    await client.updateUser({ data: { daw_role: 'admin' } });
    const { data: renewed } = await client.refreshSession();
    expect(renewed.user?.app_metadata.daw_role).toBe('pro');
  });

  it('slows down who guesses, and nobody else', async () => {
    const email = newEmail();
    await browser().signUp({ email, password });
    for (let i = 0; i < 10; i++)
      await browser().signInWithPassword({ email, password: `guess ${i}` });
    const held = await browser().signInWithPassword({ email, password });
    expect(held.error?.status).toBe(429);
    const other = newEmail();
    expect((await browser().signUp({ email: other, password })).error).toBeNull();
    expect((await browser().signInWithPassword({ email: other, password })).error).toBeNull();
  });
});

describe('refresh tokens', () => {
  const refresh = (refresh_token: string) =>
    server.anyone.post('/auth/v1/token?grant_type=refresh_token', { refresh_token });
  /** As if the token had been used this long ago. */
  const age = (seconds: number) =>
    server.db.pool.query(
      `update mixdown_auth.refresh_tokens set used_at = used_at - make_interval(secs => $1)`,
      [seconds],
    );

  it('rotate: each one is new, and the session stays', async () => {
    const { session } = await server.signUp();
    const first = (await refresh(session?.refresh_token ?? '')).json();
    const second = (await refresh(first.refresh_token)).json();
    expect(new Set([session?.refresh_token, first.refresh_token, second.refresh_token]).size).toBe(
      3,
    );
    expect(second.user.id).toBe(session?.user.id);
  });

  it('serve tabs that refresh at the same moment', async () => {
    const { session } = await server.signUp();
    const answers = await Promise.all([1, 2, 3].map(() => refresh(session?.refresh_token ?? '')));
    expect(answers.map((a) => a.statusCode)).toEqual([200, 200, 200]);
    for (const answer of answers) {
      expect((await refresh(answer.json().refresh_token)).statusCode).toBe(200);
    }
  });

  it('end the session when one comes back later', async () => {
    const { session } = await server.signUp();
    const stolen = session?.refresh_token ?? '';
    const next = (await refresh(stolen)).json();
    await age(11);
    const reuse = await refresh(stolen);
    expect(reuse.statusCode).toBe(400);
    expect(reuse.json().code).toBe('refresh_token_already_used');
    expect((await refresh(next.refresh_token)).json().code).toBe('refresh_token_not_found');
    const user = await server.anyone.get('/auth/v1/user', {
      authorization: `Bearer ${next.access_token}`,
    });
    expect(user.json().code).toBe('session_not_found');
  });

  it('are worth nothing after signing out, and are not kept readable', async () => {
    const { session } = await server.signUp();
    const { rows } = await server.db.pool.query(
      'select token_hash from mixdown_auth.refresh_tokens',
    );
    expect(rows.map((row) => row.token_hash)).not.toContain(session?.refresh_token);
    await server.anyone.post('/auth/v1/logout?scope=local', undefined, {
      authorization: `Bearer ${session?.access_token}`,
    });
    expect((await refresh(session?.refresh_token ?? '')).statusCode).toBe(400);
  });

  it('end as far as a sign-out says, and not where it says nonsense', async () => {
    const email = newEmail();
    const [one, two, three] = [browser(), browser(), browser()];
    await one.signUp({ email, password });
    for (const client of [two, three]) await client.signInWithPassword({ email, password });
    const alive = async () =>
      Promise.all([one, two, three].map(async (client) => !(await client.refreshSession()).error));
    const token = (await one.getSession()).data.session?.access_token;
    const headers = { authorization: `Bearer ${token}` };
    for (const scope of ['everybody', '', 'local&scope=global']) {
      const answer = await server.anyone.post(`/auth/v1/logout?scope=${scope}`, undefined, headers);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'validation_failed']);
    }
    expect(await alive()).toEqual([true, true, true]);
    expect((await three.signOut({ scope: 'local' })).error).toBeNull();
    expect(await alive()).toEqual([true, true, false]);
    expect((await one.signOut({ scope: 'others' })).error).toBeNull();
    expect(await alive()).toEqual([true, false, false]);
    await two.signInWithPassword({ email, password });
    expect((await one.signOut()).error).toBeNull();
    expect(await alive()).toEqual([false, false, false]);
  });

  it('of other sessions end with a new password', async () => {
    const email = newEmail();
    const one = browser();
    await one.signUp({ email, password });
    const two = browser();
    const { data } = await two.signInWithPassword({ email, password });
    await one.updateUser({ password: 'another horse' });
    expect((await refresh(data.session?.refresh_token ?? '')).statusCode).toBe(400);
    expect((await one.refreshSession()).error).toBeNull();
  });

  it.each(['', 'x', 'x'.repeat(300), "' or true --"])('are refused as %.10j', async (token) => {
    expect((await refresh(token)).statusCode).toBe(400);
  });
});

describe('what it does not understand', () => {
  it.each([
    ['/auth/v1/token', {}],
    ['/auth/v1/token?grant_type=magic', {}],
    ['/auth/v1/token?grant_type=__proto__', {}],
    ['/auth/v1/token?grant_type=password', { email: 1, password: [] }],
    ['/auth/v1/token?grant_type=password', '{'],
    ['/auth/v1/token?grant_type=password', { email: 'a\u0000b@c.de', password: '\u0000' }],
    ['/auth/v1/signup', '[]'],
    ['/auth/v1/signup', 'null'],
    ['/auth/v1/signup', { email: { $ne: 1 }, password }],
    ['/auth/v1/signup', { email: newEmail(), password: 'x'.repeat(9000) }],
    ['/auth/v1/signup', { __proto__x: 1, email: `${'x'.repeat(300)}@y.de`, password }],
  ])('%s %.60j is the sender’s error', async (address, body) => {
    const answer = await server.anyone.post(address, body);
    expect(answer.statusCode).toBeGreaterThanOrEqual(
      address.includes('signup') && body === 'null' ? 200 : 400,
    );
    expect(answer.statusCode).toBeLessThan(500);
  });
});
