import { randomUUID } from 'node:crypto';
import type { ExportOptions, ProjectSnapshot } from '@mixdown/contract';
import { asUser, type ExportsTable } from '@mixdown/database';
import { createTestDatabase, createTestUser, type TestUser } from '@mixdown/database/testing';
import type { TestTrack } from '@mixdown/engine/testing/project';
import { createMetrics, createServerTelemetry } from '@mixdown/telemetry';
import { type Selectable, sql } from 'kysely';
import { pino } from 'pino';
import { DEFAULT_LIMITS } from '../render/render-process.ts';
import { createWorker, type Worker } from '../worker.ts';
import type { WorkerDeps, WorkerTimings } from '../worker-deps.ts';
import { createRenderFixture, OPTIONS, type RenderFixture } from './render-fixture.ts';

export type ExportRow = Selectable<ExportsTable>;

/** Short, so that tests wait for nothing; but a lease that a busy machine cannot lose by being slow. */
export const TIMINGS: WorkerTimings = {
  leaseSeconds: 60,
  heartbeatMs: 200,
  pollMs: 500,
  reapMs: 500,
  orphansMs: 500,
  upkeepMs: 60_000,
};

const ENDED = ['completed', 'failed', 'canceled'];

/** A database with people and projects in it, an object storage, and workers. */
export async function createWorkerFixture(env: NodeJS.ProcessEnv = {}) {
  const database = await createTestDatabase();
  const render: RenderFixture = await createRenderFixture(env);
  const { pool } = database;
  const workers: Worker[] = [];

  async function insertProject(user: TestUser, s: ProjectSnapshot): Promise<void> {
    const { project } = s;
    await pool.query(
      'insert into daw_projects (id, owner_id, name, sample_rate) values ($1, $2, $3, $4)',
      [project.id, user.id, project.name, project.sampleRate],
    );
    // Positions without gaps are checked at the end of a transaction: one statement per table is one.
    const rows = [
      ['daw_tracks', s.tracks],
      ['daw_assets', s.assets],
      ['daw_clips', s.clips],
      ['daw_plugins', s.plugins],
    ] as const;
    for (const [table, list] of rows) {
      const snake = list.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([k, v]) => [
            k.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
            v,
          ]),
        ),
      );
      const columns = Object.keys(snake[0] ?? {}).filter((c) => !c.endsWith('ed_at'));
      if (columns.length === 0) continue;
      await pool.query(
        `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(snake)],
      );
    }
  }

  const exportRow = async (id: string): Promise<ExportRow> => {
    const { rows } = await pool.query<ExportRow>('select * from daw_exports where id = $1', [id]);
    return rows[0] as ExportRow;
  };

  return {
    pool,
    url: database.url,
    render,
    workers,
    exportRow,
    user: () => createTestUser(pool),

    /** A project of the user's own with one noise asset per track. */
    async project(user: TestUser, tracks: readonly TestTrack[], frames = 24_000): Promise<string> {
      const snapshot = await render.project(tracks, frames);
      await insertProject(user, snapshot);
      return snapshot.project.id;
    },

    /** Requests an export as the page does; resolves to its id. */
    async request(
      user: TestUser,
      projectId: string,
      options: Partial<ExportOptions> = {},
    ): Promise<string> {
      const asked = JSON.stringify({ ...OPTIONS, ...options });
      const answer = await asUser(pool, user.claims, async (trx) => {
        const { rows } = await sql<{ answer: { id: string } }>`
          select daw_request_export(${projectId}, ${randomUUID()}, 'f', ${asked}::jsonb, '{}'::jsonb) as answer`.execute(
          trx,
        );
        return rows[0]?.answer;
      });
      if (!answer?.id) throw new Error(`refused: ${JSON.stringify(answer)}`);
      return answer.id;
    },

    cancel: (user: TestUser, id: string) =>
      asUser(pool, user.claims, (trx) => sql`select cancel_export(${id})`.execute(trx)),

    /** Resolves with the row once `test` holds; the vitest time limit is the only other end. */
    async until(id: string, test: (row: ExportRow) => boolean): Promise<ExportRow> {
      while (true) {
        const row = await exportRow(id);
        if (test(row)) return row;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    ended(id: string): Promise<ExportRow> {
      return this.until(id, ({ status }) => ENDED.includes(status));
    },

    async events(id: string): Promise<string[]> {
      const { rows } = await pool.query<{ to_status: string }>(
        'select to_status from daw_export_events where export_id = $1 order by id',
        [id],
      );
      return rows.map((row) => row.to_status);
    },

    async startWorker(deps: Partial<WorkerDeps> = {}): Promise<Worker> {
      const worker = await createWorker({
        pool,
        databaseUrl: database.url,
        storage: render.storage,
        catalog: render.catalog,
        checkFile: render.checkFile,
        telemetry: createServerTelemetry({}, { service: 'worker', release: 'test' }),
        metrics: createMetrics(),
        log: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
        slots: 2,
        total: 1000,
        perUser: 2,
        cores: 2,
        spoolRoot: `${render.dir}/spool`,
        dataDir: render.dir,
        env: { ...process.env, ...env },
        renderCode: 'the code of these tests',
        // Tests export the same things over and over, and mean it.
        reuse: false,
        timings: TIMINGS,
        limits: DEFAULT_LIMITS,
        ...deps,
      });
      workers.push(worker);
      return worker;
    },

    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.stop()));
      await database.drop();
      await render.close();
    },
  };
}

export type WorkerFixture = Awaited<ReturnType<typeof createWorkerFixture>>;
