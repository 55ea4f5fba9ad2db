import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen, type Notification } from './listen.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** A queue whose reader waits for the next item. */
function inbox<T>() {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    push(item: T) {
      const reader = waiting.shift();
      if (reader) reader(item);
      else items.push(item);
    },
    next: (): Promise<T> => {
      const item = items.shift();
      return item === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(item);
    },
  };
}

it('hears its channels, and again after its connection was cut', async () => {
  const heard = inbox<Notification>();
  const connected = inbox<true>();
  const listener = await listen(db.url, ['daw_exports', 'Odd "name"'], heard.push, {
    onConnect: () => connected.push(true),
  });
  try {
    await connected.next();
    await db.pool.query("select pg_notify('daw_exports', 'one')");
    expect(await heard.next()).toEqual({ channel: 'daw_exports', payload: 'one' });
    await db.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mixdown listen' and datname = current_database()",
    );
    await connected.next();
    await db.pool.query(`select pg_notify('other', 'unheard'), pg_notify('Odd "name"', 'two')`);
    expect(await heard.next()).toEqual({ channel: 'Odd "name"', payload: 'two' });
  } finally {
    await listener.close();
  }
});

it('closes its connection, and does not open another', async () => {
  const listener = await listen(db.url, ['daw_ops'], () => {});
  await listener.close();
  await listener.close();
  await expect
    .poll(
      async () =>
        (
          await db.pool.query(
            "select from pg_stat_activity where application_name = 'mixdown listen' and datname = current_database()",
          )
        ).rowCount,
    )
    .toBe(0);
});

it('rejects when it cannot connect at first', async () => {
  const nowhere = new URL(db.url);
  nowhere.pathname = '/nowhere';
  await expect(listen(nowhere.href, ['daw_ops'], () => {})).rejects.toThrow('nowhere');
});
