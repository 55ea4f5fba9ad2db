import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { insertTestAsset } from '../../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statements that `work` sends to the database and that read exports. */
async function readsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const reads: Statement[] = [];
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [first, second] = args as [string | Partial<Statement>, unknown[]?];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    const values = typeof first === 'string' ? second : (first.values ?? second);
    if (text.includes('daw_exports')) reads.push({ text, values: values ?? [] });
    return query.apply(this, args);
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return reads;
}

/** Tables that a plan reads from end to end, if indexes can be used at all. */
async function scannedBy(userId: string, { text, values }: Statement): Promise<string[]> {
  const client = await server.db.pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('enable_seqscan', 'off', true), set_config('role', 'authenticated', true),
        set_config('request.jwt.claims', $1, true)`,
      [JSON.stringify({ sub: userId, role: 'authenticated' })],
    );
    const { rows } = await client.query(`explain (format json) ${text}`, [...values]);
    const plan = JSON.stringify(rows[0]['QUERY PLAN']);
    expect(plan).toContain('daw_exports_pkey');
    return [...plan.matchAll(/"Node Type":"Seq Scan".*?"Relation Name":"(\w+)"/g)].map(
      ([, table = '']) => table,
    );
  } finally {
    await client.query('rollback');
    client.release();
  }
}

it('a poll that finds nothing new is one read, by indexes', async () => {
  const pro = await server.signUp();
  const projectId = await pro.createProject();
  const trackId = await pro.addTrack(projectId);
  const assetId = await insertTestAsset(server, { projectId, frames: 480_000 });
  await pro.post(`/projects/${projectId}/clips`, { trackId, assetId, startFrame: 0 });
  const key = { 'idempotency-key': crypto.randomUUID() };
  const { id } = (await pro.post(`/projects/${projectId}/export`, {}, key)).json();
  const { etag } = (await pro.get(`/exports/${id}`)).headers;
  const reads = await readsOf(async () => {
    const again = await pro.get(`/exports/${id}`, { 'if-none-match': String(etag) });
    expect(again.statusCode).toBe(304);
  });
  expect(reads).toHaveLength(1);
  expect(await scannedBy(pro.userId, reads[0] as Statement)).toEqual([]);
});
