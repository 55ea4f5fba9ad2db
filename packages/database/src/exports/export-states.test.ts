import { EXPORT_STATUSES, type ExportStatus } from '@mixdown/contract';
import { EXPORT_TRANSITIONS } from '@mixdown/core/export-states';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asService, kyselyOf } from '../as-role.ts';
import {
  call,
  claim,
  createScene,
  requestExport,
  rewrite,
  type Scene,
  service,
} from '../testing/scene.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
  scene = await createScene(db.pool);
});
afterAll(() => db.drop());

async function fresh(): Promise<string> {
  await kyselyOf(db.pool).deleteFrom('daw_exports').execute();
  return (await requestExport(db.pool, scene.owner.claims, scene.projectId)).id as string;
}
const row = (id: string) =>
  kyselyOf(db.pool)
    .selectFrom('daw_exports')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

const LEASED: readonly ExportStatus[] = ['rendering', 'encoding', 'uploading'];

describe('the state machine', () => {
  it.each(EXPORT_STATUSES)(
    'allows from %s what the product allows, and nothing else',
    async (from) => {
      const { rows } = await asService(db.pool, (trx) =>
        sql<{ to: ExportStatus }>`select t as to from unnest(${[...EXPORT_STATUSES]}::text[]) t
        where private.export_may_become(${from}, t)`.execute(trx),
      );
      expect(rows.map(({ to }) => to).sort()).toEqual([...EXPORT_TRANSITIONS[from]].sort());
    },
  );

  it('refuses every illegal change, also of somebody who writes to the table by hand', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...EXPORT_STATUSES), { minLength: 1, maxLength: 8 }),
        async (path) => {
          const id = await fresh();
          let status: ExportStatus = 'queued';
          let changes = 1;
          for (const to of path) {
            const write = rewrite(db.pool, id, {
              status: to,
              lease_expires_at: LEASED.includes(to) ? new Date(Date.now() + 60_000) : null,
              result: { fileName: 'x' },
              object_key: 'x',
              error: { code: 'x', message: 'x' },
            });
            if (to === status) {
              await write;
            } else if (EXPORT_TRANSITIONS[status].includes(to)) {
              await write;
              status = to;
              changes++;
            } else {
              await expect(write).rejects.toThrow(`cannot become ${to} from ${status}`);
            }
          }
          expect((await row(id)).status).toBe(status);
          const { rows } = await db.pool.query(
            'select count(*)::int as n from daw_export_events where export_id = $1',
            [id],
          );
          expect(rows).toEqual([{ n: changes }]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is born queued, and its lease token never goes back', async () => {
    const id = await fresh();
    await expect(
      db.pool.query(
        "insert into daw_exports select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'idempotency_key', null, 'status', 'completed'))).* from daw_exports e",
      ),
    ).rejects.toThrow('begins as queued');
    await claim(db.pool);
    await expect(rewrite(db.pool, id, { lease_token: 0 })).rejects.toThrow('cannot go back');
  });

  type Model = {
    status: ExportStatus;
    attempt: number;
    token: number;
    cancel: boolean;
    fraction: number;
  };
  type Step = { readonly name: string; run(id: string, m: Model): Promise<void> };

  /** What each function does to the row, said a second time in plain words. `stale` uses the token before the last. */
  const leaseOf = (m: Model, stale: boolean) => (stale ? m.token - 1 : m.token);
  const running = (m: Model) => LEASED.includes(m.status);
  const toQueue = (m: Model) => Object.assign(m, { status: 'queued', fraction: 0 });
  const steps: Step[] = [
    {
      name: 'claim',
      async run(id, m) {
        await rewrite(db.pool, id, { available_at: new Date(Date.now() - 1_000) });
        const claimed = await claim(db.pool);
        expect(claimed?.id).toBe(m.status === 'queued' ? id : undefined);
        if (claimed)
          Object.assign(m, {
            status: 'rendering',
            attempt: m.attempt + 1,
            token: m.token + 1,
            fraction: 0,
          });
      },
    },
    ...[false, true].flatMap((stale): Step[] => [
      {
        name: `heartbeat${stale ? ' (stale)' : ''}`,
        async run(id, m) {
          const ok = running(m) && !stale;
          const answer = await service(
            db.pool,
            sql`heartbeat_export(${id}, ${leaseOf(m, stale)}, 30, '{"fraction": 0.4}')`,
          );
          expect(answer).toEqual({ ok, cancelRequested: ok && m.cancel });
          if (ok) m.fraction = Math.max(m.fraction, 0.4);
        },
      },
      {
        name: `advance${stale ? ' (stale)' : ''}`,
        async run(id, m) {
          const to = m.status === 'encoding' ? 'uploading' : 'encoding';
          const next = service<boolean>(
            db.pool,
            sql`advance_export(${id}, ${leaseOf(m, stale)}, ${to})`,
          );
          if (m.status === 'uploading' && !stale)
            return void (await expect(next).rejects.toThrow('cannot become'));
          expect(await next).toBe(running(m) && !stale);
          if (running(m) && !stale) m.status = to;
        },
      },
      {
        name: `complete${stale ? ' (stale)' : ''}`,
        async run(id, m) {
          const token = leaseOf(m, stale);
          const key = `exports/${scene.projectId}/${id}/${token}.wav`;
          const done = service<boolean>(
            db.pool,
            sql`complete_export(${id}, ${token}, '{}', ${key})`,
          );
          const holds = running(m) && !stale;
          if (holds && !m.cancel && m.status !== 'uploading') {
            await expect(done).rejects.toThrow('cannot become completed');
          } else if (holds && m.cancel) {
            expect(await done).toBe(false);
            m.status = 'canceled';
          } else {
            expect(await done).toBe(
              !stale && (m.status === 'uploading' || m.status === 'completed'),
            );
            if (holds) Object.assign(m, { status: 'completed', fraction: 1 });
          }
        },
      },
      {
        name: `fail${stale ? ' (stale)' : ''}`,
        async run(id, m) {
          const status = await service(
            db.pool,
            sql`fail_export(${id}, ${leaseOf(m, stale)}, 'x', 'x', true)`,
          );
          if (!running(m) || stale) return expect(status).toBeNull();
          const expected = m.cancel ? 'canceled' : m.attempt < 3 ? 'queued' : 'failed';
          expect(status).toBe(expected);
          if (expected === 'queued') toQueue(m);
          m.status = expected;
        },
      },
    ]),
    {
      name: 'release',
      async run(id, m) {
        const status = await service(db.pool, sql`release_export(${id}, ${m.token})`);
        if (!running(m)) return expect(status).toBeNull();
        expect(status).toBe(m.cancel ? 'canceled' : 'queued');
        m.attempt--;
        if (m.cancel) m.status = 'canceled';
        else toQueue(m);
      },
    },
    {
      name: 'lease lapses',
      async run(id, m) {
        if (running(m)) await rewrite(db.pool, id, { lease_expires_at: new Date(0) });
        expect(await service(db.pool, sql`reap_exports()`)).toBe(running(m) ? 1 : 0);
        if (!running(m)) return;
        if (m.cancel) m.status = 'canceled';
        else if (m.attempt < 3) toQueue(m);
        else m.status = 'failed';
      },
    },
    {
      name: 'cancel',
      async run(id, m) {
        const { refusal } = await call<{ refusal?: { code: string } }>(
          db.pool,
          scene.owner.claims,
          sql`cancel_export(${id})`,
        );
        if (m.status === 'queued') Object.assign(m, { status: 'canceled', cancel: true });
        else if (running(m)) m.cancel = true;
        expect(refusal?.code).toBe(m.cancel ? undefined : 'illegal_transition');
      },
    },
    {
      name: 'retry',
      async run(id, m) {
        const { refusal } = await call<{ refusal?: { code: string } }>(
          db.pool,
          scene.owner.claims,
          sql`retry_export(${id})`,
        );
        if (['failed', 'canceled', 'expired'].includes(m.status)) {
          Object.assign(toQueue(m), { attempt: 0, cancel: false });
          expect(refusal).toBeUndefined();
        } else {
          const waits = m.status === 'queued' || (running(m) && !m.cancel);
          expect(refusal?.code).toBe(waits ? undefined : 'illegal_transition');
        }
      },
    },
  ];

  it('holds under any sequence of calls, by workers with and without the lease', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            ...steps,
            ...steps.filter(({ name }) => ['claim', 'advance'].includes(name)),
          ),
          {
            minLength: 1,
            maxLength: 14,
          },
        ),
        async (sequence) => {
          const id = await fresh();
          const m: Model = { status: 'queued', attempt: 0, token: 0, cancel: false, fraction: 0 };
          for (const step of sequence) {
            await step.run(id, m);
            const now = await row(id);
            const { status, attempt, lease_token, cancel_requested, progress } = now;
            expect({
              status,
              attempt,
              token: lease_token,
              cancel: cancel_requested,
              fraction: progress.fraction,
            }).toEqual(m);
            expect(progress.stage).toBe(status);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
