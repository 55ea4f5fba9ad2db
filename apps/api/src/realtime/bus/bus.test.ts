import { createTestDatabase, type TestDatabase } from '@mixdown/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FakeRedis,
  startFakeRedis,
} from '../../../../../tests/support/fake-redis/fake-redis.ts';
import type { Bus, BusMessage } from './bus.ts';
import { openBus } from './open-bus.ts';

let db: TestDatabase;
let fake: FakeRedis;
beforeAll(async () => {
  db = await createTestDatabase();
  fake = await startFakeRedis({ password: 'secret' });
});
afterAll(async () => {
  await fake.close();
  await db.drop();
});

/** What a bus hears about a project, to be waited for. */
function hearing(bus: Bus, projectId: string) {
  const heard: { message: BusMessage; from: string }[] = [];
  const waiting = new Set<() => void>();
  const stop = bus.subscribe(projectId, (message, from) => {
    heard.push({ message, from });
    for (const look of [...waiting]) look();
  });
  return {
    heard,
    stop,
    until: (fits: (message: BusMessage) => boolean) =>
      new Promise<{ message: BusMessage; from: string }>((resolve) => {
        const look = () => {
          const found = heard.find(({ message }) => fits(message));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
const gapOf = (bus: Bus) =>
  new Promise<void>((resolve) => {
    const stop = bus.onGap(() => {
      stop();
      resolve();
    });
  });
const asked = (session: string): BusMessage => ({
  kind: 'asked',
  pluginId: 'p',
  session,
  name: 'Ana',
});
const isAsked = (session: string) => (m: BusMessage) => m.kind === 'asked' && m.session === session;

const redisUrls: [string, () => string][] = [['a Redis of our own', () => fake.url]];
if (process.env.REDIS_URL) redisUrls.push(['Redis', () => process.env.REDIS_URL as string]);

describe.each<[string, () => string | null]>([['Postgres', () => null], ...redisUrls])(
  'a bus over %s',
  (_, redisUrl) => {
    const nodes: Bus[] = [];
    const project = crypto.randomUUID();
    beforeAll(async () => {
      for (const nodeId of ['one', 'two']) {
        const { url: databaseUrl, pool } = db;
        nodes.push(await openBus({ databaseUrl, redisUrl: redisUrl(), pool, nodeId }));
      }
    });
    afterAll(() => Promise.all(nodes.map((bus) => bus.close())));

    it('carries messages to the other node, in order, and not back', async () => {
      const [one, two] = nodes as [Bus, Bus];
      // Subscribing to Redis takes a moment, after which a gap is told.
      const ready = redisUrl() === null ? null : Promise.all([gapOf(one), gapOf(two)]);
      const [atOne, atTwo] = [hearing(one, project), hearing(two, project)];
      const elsewhere = hearing(two, crypto.randomUUID());
      await ready;
      const sessions = Array.from({ length: 50 }, (_, i) => `s${i}`);
      for (const session of sessions) one.publish(project, asked(session));
      two.publish(project, asked('back'));
      const { from } = await atTwo.until(isAsked('s49'));
      expect(from).toBe('one');
      expect(atTwo.heard.map(({ message }) => 'session' in message && message.session)).toEqual(
        sessions,
      );
      await atOne.until(isAsked('back'));
      expect(atOne.heard).toHaveLength(1);
      expect(elsewhere.heard).toEqual([]);
      for (const { stop } of [atOne, atTwo, elsewhere]) stop();
    });

    it('carries messages of any size', async () => {
      const [one, two] = nodes as [Bus, Bus];
      const here = crypto.randomUUID();
      const ready = redisUrl() === null ? null : gapOf(two);
      const { until, stop } = hearing(two, here);
      await ready;
      const e = Array.from({ length: 60 }, (_, i) => ({
        pluginId: crypto.randomUUID(),
        f: 1,
        n: i + 1,
        p: i,
        by: '"\\ü😀'.repeat(20),
        v: Array.from({ length: 40 }, (_, j) => j / 7),
      }));
      one.publish(here, { kind: 'frames', e });
      const { message } = await until(({ kind }) => kind === 'frames');
      expect(message).toEqual({ kind: 'frames', e });
      stop();
    });

    it('tells what the database tells, whoever changed it', async () => {
      const [one] = nodes as [Bus];
      const here = crypto.randomUUID();
      const { until, stop } = hearing(one, here);
      const everywhere = hearing(one, '');
      const notify = (channel: string, payload: object | string) =>
        db.pool.query('select pg_notify($1, $2)', [
          channel,
          typeof payload === 'string' ? payload : JSON.stringify(payload),
        ]);
      await notify('daw_ops', 'not json');
      await notify('daw_ops', { projectId: here, seq: 7 });
      await notify('daw_locks', {
        projectId: here,
        pluginId: 'p',
        fence: 3,
        sessionId: null,
        userId: null,
      });
      await notify('daw_access', { projectId: here, exportId: null, userId: 'u' });
      await notify('daw_access', { projectId: null, exportId: 'x', userId: 'w' });
      expect((await until(({ kind }) => kind === 'ops')).message).toEqual({ kind: 'ops', seq: 7 });
      expect((await until(({ kind }) => kind === 'lock')).message).toEqual({
        kind: 'lock',
        pluginId: 'p',
        fence: 3,
        session: null,
        userId: null,
      });
      await until((m) => m.kind === 'access' && m.userId === 'u');
      await everywhere.until((m) => m.kind === 'access' && m.userId === 'w');
      stop();
      everywhere.stop();
    });

    it('says that something may be missing when its connection breaks, and goes on', async () => {
      const [one, two] = nodes as [Bus, Bus];
      const here = crypto.randomUUID();
      const ready = redisUrl() === null ? null : gapOf(two);
      const { until, stop } = hearing(two, here);
      await ready;
      const gaps = Promise.all([gapOf(one), gapOf(two)]);
      if (redisUrl() === fake.url) fake.dropConnections();
      else
        await db.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'mixdown listen' and datname = current_database()`,
        );
      await gaps;
      // The speaking half may still be on its way back: whatever is said meanwhile is lost.
      const again = setInterval(() => one.publish(here, asked('after')), 20);
      await until(isAsked('after'));
      clearInterval(again);
      stop();
    });
  },
);

describe('a Redis that does not answer', () => {
  it.each([
    ['is not there', () => 'redis://127.0.0.1:1'],
    ['does not know the password', () => fake.url.replace('secret', 'guess')],
  ])('stops the start where it %s', async (_, redisUrl) => {
    const { url: databaseUrl, pool } = db;
    const opening = openBus({ databaseUrl, redisUrl: redisUrl(), pool, nodeId: 'x' });
    await expect(opening).rejects.toThrow(/^REDIS_URL: Redis cannot be reached \(.+\)\.$/);
  });
});

it('greets in both versions of the protocol', async () => {
  await using redis = await startFakeRedis();
  expect(redis.commands).toEqual([]);
  const { createClient } = await import('@redis/client');
  for (const RESP of [2, 3] as const) {
    const client = createClient({ url: redis.url, RESP });
    await client.connect();
    const other = client.duplicate();
    await other.connect();
    const heard = new Promise((resolve) => void other.subscribe('c', resolve));
    while (redis.listeners('c') === 0) await client.ping();
    expect(await client.publish('c', 'word')).toBe(1);
    expect(await heard).toBe('word');
    await other.unsubscribe('c');
    expect(redis.listeners('c')).toBe(0);
    for (const each of [client, other]) each.destroy();
  }
});
