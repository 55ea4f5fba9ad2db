import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { ask, createPerson, type Person, requestExport } from '../support/cluster/people.ts';
import { rendersOf } from '../support/cluster/processes.ts';
import { replay } from './verify.ts';

/**
 * One fault at a time on real processes: two API nodes, two render nodes, one Postgres, one object store. What strikes
 * at random, again and again, is in `storm.ts`.
 */
vi.setConfig({ testTimeout: 240_000 });
const SLOTS = 3;
const PER_USER = 2;
/** Long enough to be struck while it renders, and for more than one part of an upload. */
const LONG_SECONDS = 40;
const LARGE = { format: 'wav', bitDepth: '32f', tail: 'none' };

let cluster: Cluster;
let victim: Person;
let other: Person;
beforeAll(async () => {
  cluster = await startCluster({
    apis: 2,
    workers: 2,
    slots: SLOTS,
    perUser: PER_USER,
    queuedPerUser: 10,
    env: { EXPORT_STALL_SECONDS: '10' },
  });
  victim = await createPerson(cluster, LONG_SECONDS);
  other = await createPerson(cluster);
});
beforeEach(() => cluster.s3.faults.clear());
afterAll(() => cluster.close());

interface Row {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly worker: string | null;
  readonly object_key: string | null;
  readonly result: { readonly sha256: string; readonly bytes: number } | null;
  readonly error: { readonly code: string } | null;
}
const rowOf = async (id: string): Promise<Row> =>
  (await cluster.pool().query<Row>('select * from daw_exports where id = $1', [id])).rows[0] as Row;
const until = async (id: string, is: (row: Row) => boolean): Promise<Row> => {
  await expect.poll(async () => is(await rowOf(id)), { timeout: 120_000 }).toBe(true);
  return rowOf(id);
};
const ended = (id: string) =>
  until(id, ({ status }) => ['completed', 'failed', 'canceled'].includes(status));
const rowsOf = async ({ projectId }: Person) =>
  (await cluster.pool().query('select id from daw_exports where project_id = $1', [projectId]))
    .rows;

/** The file is there, once, whole, and nothing half-uploaded beside it. */
function expectFile({ id, object_key, result }: Row): void {
  const { objects, uploads } = cluster.s3.bucket;
  expect([...objects.keys()].filter((key) => key.includes(id))).toEqual([object_key]);
  const body = objects.get(object_key ?? '')?.body ?? Buffer.alloc(0);
  expect(createHash('sha256').update(body).digest('hex')).toBe(result?.sha256);
  expect(body.length).toBe(result?.bytes);
  expect(uploads.size).toBe(0);
}

/** Sets the pause before the next attempt, which is not under test here. */
async function availableIn(id: string, time: string): Promise<void> {
  await cluster.pool().query(
    `update daw_exports set available_at = clock_timestamp() + $2::interval
       where id = $1 and status = 'queued'`,
    [id, time],
  );
  await cluster.pool().query("select pg_notify('daw_export_queue', $1)", [id]);
}

/** The process that renders the export now, once there is one. */
async function renderOf(id: string): Promise<number> {
  const { worker } = await until(id, ({ status }) => status === 'rendering');
  const parent = cluster.workers.find(({ pid }) => worker?.includes(`:${pid}:`));
  const renders = () => rendersOf(parent?.pid ?? 0);
  await expect.poll(async () => (await renders()).length, { interval: 10 }).toBe(1);
  return (await renders())[0] as number;
}

describe('kill -9 in the middle of an upload', () => {
  it('costs one attempt: the next one finishes, and nothing half-uploaded stays', async () => {
    cluster.s3.faults.add({ method: 'PUT', query: 'partNumber' }, { kind: 'hang' }, 99);
    const { id } = await requestExport(cluster, victim, 1, LARGE);
    const { worker } = await until(id, ({ status }) => status === 'uploading');
    await expect.poll(() => cluster.s3.bucket.uploads.size).toBe(1);
    const holder = cluster.workers.find(({ pid }) => worker?.includes(`:${pid}:`));
    expect(holder).toBeDefined();
    cluster.s3.faults.clear();
    if (holder) await cluster.replace(holder);
    expect(cluster.s3.bucket.uploads.size).toBe(1);
    const row = await ended(id);
    expect(row).toMatchObject({ status: 'completed', attempt: 2, error: null });
    expectFile(row);
  });
});

describe('a render that hangs', () => {
  it('is noticed, killed and tried again, while others render', async () => {
    const { id } = await requestExport(cluster, victim, 1, LARGE);
    const pid = await renderOf(id);
    process.kill(pid, 'SIGSTOP');
    const bystander = await requestExport(cluster, other, 1);
    expect(await ended(bystander.id)).toMatchObject({ status: 'completed', attempt: 1 });
    const stalled = await until(id, ({ error }) => error !== null);
    expect(stalled).toMatchObject({ status: 'queued', attempt: 1 });
    expect(stalled.error?.code).toBe('render_stalled');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await availableIn(id, '0');
    const row = await ended(id);
    expect(row).toMatchObject({ status: 'completed', attempt: 2, error: null });
    expectFile(row);
  });
});

describe('a poison job', () => {
  it('whose render crashes each time fails after three attempts, and stops nobody else', async () => {
    const { id } = await requestExport(cluster, victim, 1, LARGE);
    for (const attempt of [1, 2, 3]) {
      await until(id, (row) => row.attempt === attempt && row.status === 'rendering');
      process.kill(await renderOf(id), 'SIGKILL');
      await until(id, ({ error }) => error?.code === 'render_crashed');
      await availableIn(id, '1 hour');
      const bystander = await requestExport(cluster, other, 1);
      expect(await ended(bystander.id)).toMatchObject({ status: 'completed', attempt: 1 });
      await availableIn(id, '0');
    }
    expect(await ended(id)).toMatchObject({ status: 'failed', attempt: 3, object_key: null });
    const { objects, uploads } = cluster.s3.bucket;
    expect([...objects.keys()].filter((key) => key.includes(id))).toEqual([]);
    expect(uploads.size).toBe(0);
  });
});

describe('an object store that keeps other bytes than were sent', () => {
  it('is found out, and the file is uploaded again', async () => {
    cluster.s3.faults.add({ method: 'PUT' }, { kind: 'corrupt' });
    const { id } = await requestExport(cluster, other, 1);
    const refused = await until(id, ({ error }) => error !== null);
    expect(refused.error?.code).toBe('upload_failed');
    await availableIn(id, '0');
    const row = await ended(id);
    expect(row).toMatchObject({ status: 'completed', attempt: 2 });
    expectFile(row);
  });
});

const send = (person: Person, key: string, body: object) =>
  ask(cluster, `/api/v1/daw/projects/${person.projectId}/export`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${person.token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });

describe('two hundred duplicates at once, to two nodes', () => {
  it('are one export and 199 replays', async () => {
    const person = await createPerson(cluster);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(person, key, {})));
    expect(answers.map(({ status }) => status)).toEqual(Array(200).fill(202));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const replays = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
    expect(replays).toHaveLength(199);
    expect(await rowsOf(person)).toHaveLength(1);
    expect(await ended(String(answers[0]?.body.id))).toMatchObject({ status: 'completed' });
  });
});

describe('ten exports at once', () => {
  it('all complete, and never more of them run than there are slots', async () => {
    const people = [await createPerson(cluster), await createPerson(cluster)];
    const accepted = await Promise.all(
      people.flatMap((person) =>
        Array.from({ length: 5 }, () => requestExport(cluster, person, 1)),
      ),
    );
    for (const { id } of accepted) {
      const row = await ended(id);
      expect({ status: row.status, attempt: row.attempt, error: row.error }).toEqual({
        status: 'completed',
        attempt: 1,
        error: null,
      });
      expectFile(row);
    }
    const { rows } = await cluster.pool().query(
      `select v.export_id as id, e.requested_by as by, v.from_status as "from", v.to_status as "to"
       from daw_export_events v join daw_exports e on e.id = v.export_id order by v.id`,
    );
    expect(replay(rows, { slots: SLOTS, perUser: PER_USER })).toEqual({ overLimit: 0, illegal: 0 });
  });
});

describe('what is too large', () => {
  it('is refused before it is in the queue', async () => {
    const before = await rowsOf(other);
    const range = { kind: 'frames', startFrame: 0, endFrame: 48_000 * 3601 };
    const answer = await send(other, randomUUID(), { range });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'export_too_large' });
    expect(await rowsOf(other)).toEqual(before);
  });
});
