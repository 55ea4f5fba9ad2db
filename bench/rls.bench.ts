/**
 * What row-level security costs a reader: one project's rows as an ordinary editor, and as somebody who belongs to
 * 200 projects, against the same statements where it does not apply. 100,000 plugins of others are in the table.
 * Two figures: the whole query as a client waits for it, and the database's own work (planning and execution) without
 * the round trip. `BENCH_RUNS` sets the runs (15). Exit code 1 where a query costs more than three times as much, for an
 * ordinary editor also in the database's own work alone.
 */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { asService, asUser, type Claims, type Work } from '../packages/database/src/as-role.ts';
import { migrate } from '../packages/database/src/migrate.ts';
import { createPool } from '../packages/database/src/pool.ts';
import { createTestUser } from '../packages/database/src/testing.ts';
import type { Database } from '../packages/database/src/types.ts';
import { type Crowd, fillDatabase } from './support/fill-database.ts';
import { withOwnPostgres } from './support/own-postgres.ts';
import { median, ratioOf, ratioText, table } from './support/ratios.ts';

const LIMIT = 3;
const runs = Number(process.env.BENCH_RUNS ?? 15);
/** Statements a run, reader and figure. */
const REPEATS = 20;
const MANY = 200;
const CROWD: Crowd = {
  projects: 2501,
  tracksPerProject: 10,
  pluginsPerTrack: 4,
  operationsPerProject: 80,
  exportsPerProject: 8,
};

const of = (projectId: string): Record<string, RawBuilder<unknown>> => ({
  daw_plugins: sql`select * from daw_plugins where project_id = ${projectId}`,
  daw_tracks: sql`select * from daw_tracks where project_id = ${projectId}`,
  daw_clips: sql`select * from daw_clips where project_id = ${projectId}`,
  // The columns that people may read.
  daw_exports: sql`select id, project_name, status, options, progress, result, created_at from daw_exports
    where project_id = ${projectId} order by created_at desc limit 50`,
  daw_operations: sql`select * from daw_operations where project_id = ${projectId} order by seq`,
  daw_project_snapshot: sql`select daw_project_snapshot(${projectId})`,
});

interface Explained {
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

async function explained(trx: Transaction<Database>, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': Explained[] }>`
    explain (analyze, timing off, format json) ${query}`.execute(trx);
  const [plan] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!plan) throw new Error('explain gave no plan');
  return plan['Planning Time'] + plan['Execution Time'];
}

async function waited(trx: Transaction<Database>, query: RawBuilder<unknown>): Promise<number> {
  const begun = performance.now();
  await query.execute(trx);
  return performance.now() - begun;
}

const FIGURES = { 'as waited for': waited, 'in the database': explained };

await withOwnPostgres(async (url) => {
  await migrate(url);
  const pool = createPool(url, { max: 1 });
  try {
    await fillDatabase(pool, CROWD);
    const member = async (role: 'editor' | 'client', projects: number): Promise<Claims> => {
      const user = await createTestUser(pool);
      await pool.query(
        `insert into daw_project_members (project_id, user_id, role)
         select md5('project ' || n)::uuid, $1, $2 from generate_series(1, $3::integer) n`,
        [user.id, role, projects],
      );
      return user.claims;
    };
    const measured = (await pool.query("select md5('project 1')::uuid as id")).rows[0].id as string;
    const editor = await member('editor', 1);
    const busy = await member('editor', MANY);
    await pool.query('vacuum analyze');
    const readers: Record<string, <T>(work: Work<T>) => Promise<T>> = {
      none: (work) => asService(pool, work),
      'an editor': (work) => asUser(pool, editor, work),
      [`member of ${MANY} projects`]: (work) => asUser(pool, busy, work),
    };
    const queries = Object.entries(of(measured));
    const times = new Map<string, number[]>();
    const reference = new Map<string, number>();
    for (let run = -1; run < runs; run++) {
      for (const [name, query] of queries) {
        for (const [reader, as] of Object.entries(readers)) {
          for (const [figure, measure] of Object.entries(FIGURES)) {
            const taken = await as(async (trx) => {
              const { rows } = await query.execute(trx);
              const count = JSON.stringify(rows).length;
              if (rows.length === 0) throw new Error(`${reader} reads nothing of ${name}`);
              if (name !== 'daw_project_snapshot' && (reference.get(name) ?? count) !== count) {
                throw new Error(`${reader} reads something else of ${name}`);
              }
              reference.set(name, count);
              const each: number[] = [];
              for (let i = 0; i < REPEATS; i++) each.push(await measure(trx, query));
              return median(each);
            });
            // The first run warms up.
            const key = [name, reader, figure].join();
            if (run >= 0) times.set(key, [...(times.get(key) ?? []), taken]);
          }
        }
      }
    }
    const rows = [['read', 'by', ...Object.keys(FIGURES)]];
    for (const [name] of queries) {
      for (const reader of Object.keys(readers).slice(1)) {
        const ratios = Object.keys(FIGURES).map((figure) =>
          ratioOf(
            times.get([name, reader, figure].join()) ?? [],
            times.get([name, 'none', figure].join()) ?? [],
          ),
        );
        // A list of 200 projects is gathered for each statement, however little it reads: in the database alone that
        // weighs most where there is least to read, and a user waits for the whole.
        const counts = reader === 'an editor' ? ratios : ratios.slice(0, 1);
        if (counts.some((ratio) => !(ratio.median <= LIMIT))) process.exitCode = 1;
        rows.push([name, reader, ...ratios.map(ratioText)]);
      }
    }
    console.log(
      `${CROWD.projects * CROWD.tracksPerProject * CROWD.pluginsPerTrack} plugins of ${CROWD.projects} projects; median of ${runs} runs (middle half); limit ${LIMIT}×\n${table(rows)}`,
    );
    if (process.exitCode)
      console.error(`Over the limit of ${LIMIT}× the same read without row-level security.`);
  } finally {
    await pool.end();
  }
});
