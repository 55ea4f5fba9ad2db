/**
 * What other people's projects cost: requests to the real server over HTTP with 5,000 projects and 200,000 plugins in
 * the database (tracks, clips, members, operations and exports in proportion), against the same requests where the
 * measured project is alone. Both servers run in this process and take turns. `BENCH_RUNS` sets the runs (15). Exit
 * code 1 where a request costs more than one and a half times as much.
 */
import { createTestServer, type TestServer } from '../apps/api/src/testing/test-server.ts';
import { type Crowd, fillDatabase } from './support/fill-database.ts';
import { withOwnPostgres } from './support/own-postgres.ts';
import { median, ratioOf, ratioText, table } from './support/ratios.ts';

const LIMIT = 1.5;
const runs = Number(process.env.BENCH_RUNS ?? 15);
/** Requests of each kind a run and server. */
const REPEATS = 20;
const CROWD: Crowd = {
  projects: 5000,
  tracksPerProject: 10,
  pluginsPerTrack: 4,
  operationsPerProject: 100,
  exportsPerProject: 4,
};

type Send = (method: string, url: string, body?: object) => Promise<unknown>;

/** What is measured on one server; each call sends one request. */
interface Subject {
  readonly requests: Readonly<Record<string, () => Promise<unknown>>>;
  /** Removes what the requests have made, so that each run meets the same project. */
  reset(): Promise<void>;
}

/** A project like the others, made through the API, with a song's worth of tracks and effects. */
async function subjectOf(server: TestServer): Promise<Subject> {
  const origin = await server.app.listen({ port: 0, host: '127.0.0.1' });
  const me = await server.signUp();
  const headers = { authorization: `Bearer ${me.session?.access_token}` };
  const send: Send = async (method, url, body) => {
    const response = await fetch(`${origin}/api/v1/daw${url}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${url}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const projectId = await me.createProject('Measured');
  const plugins: string[] = [];
  for (let t = 0; t < CROWD.tracksPerProject; t++) {
    const trackId = await me.addTrack(projectId);
    for (let p = 0; p < CROWD.pluginsPerTrack; p++) {
      plugins.push(await me.addPlugin(projectId, trackId));
    }
  }
  const long = await me.addTrack(projectId);
  const project = `/projects/${projectId}`;
  const plugin = `${project}/plugins/${plugins[17]}`;
  let count = 0;
  return {
    requests: {
      'GET /projects': () => send('GET', '/projects'),
      'GET /projects/:id': () => send('GET', project),
      'PUT /projects/:id/plugins/:pluginId': () =>
        send('PUT', plugin, { params: { gain: (count++ % 40) - 20 } }),
      'PATCH /projects/:id/plugins/:pluginId/position': () =>
        send('PATCH', `${plugin}/position`, { position: count++ % 2 ? 0 : 3 }),
      'POST /projects/:id/plugins': () =>
        send('POST', `${project}/plugins`, { trackId: long, catalogId: 'test.gain' }),
    },
    reset: async () => {
      await server.db.pool.query('delete from daw_plugins where track_id = $1', [long]);
    },
  };
}

/** Milliseconds of one kind of request, one after the other; a chain takes 16 plugins, so they are made in tens. */
async function measure(subject: Subject, name: string): Promise<number> {
  const request = subject.requests[name];
  if (!request) throw new Error(`there is no request ${name}`);
  const taken: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    if (i % 10 === 0) await subject.reset();
    const begun = performance.now();
    await request();
    taken.push(performance.now() - begun);
  }
  return median(taken);
}

const servers: TestServer[] = [];
await withOwnPostgres(async (url) => {
  process.env.MIXDOWN_TEST_PG_URL = url;
  try {
    const start = async () => {
      const server = await createTestServer({ RATE_LIMIT_PER_MINUTE: '1000000' });
      servers.push(server);
      return server;
    };
    const [empty, full] = [await start(), await start()];
    await fillDatabase(full.db.pool, CROWD);
    const alone = await subjectOf(empty);
    const crowded = await subjectOf(full);
    for (const { db } of servers) await db.pool.query('vacuum analyze');

    const names = Object.keys(alone.requests);
    const times = new Map<string, { alone: number[]; crowded: number[] }>();
    for (const name of names) times.set(name, { alone: [], crowded: [] });
    // The first run warms up. Who goes first changes from run to run.
    for (let run = -1; run < runs; run++) {
      for (const name of names) {
        const order = [
          ['alone', alone],
          ['crowded', crowded],
        ] as const;
        for (const [where, subject] of run % 2 ? order : [...order].reverse()) {
          const taken = await measure(subject, name);
          if (run >= 0) times.get(name)?.[where].push(taken);
        }
      }
    }
    const rows = [['request', 'with the crowd, against alone']];
    for (const [name, taken] of times) {
      const ratio = ratioOf(taken.crowded, taken.alone);
      if (!(ratio.median <= LIMIT)) process.exitCode = 1;
      rows.push([name, ratioText(ratio)]);
    }
    const { rows: counts } = await full.db.pool.query<{ plugins: number; projects: number }>(
      'select (select count(*) from daw_plugins) as plugins, (select count(*) from daw_projects) as projects',
    );
    console.log(
      `${counts[0]?.projects} projects, ${counts[0]?.plugins} plugins; median of ${runs} runs (middle half); limit ${LIMIT}×`,
    );
    console.log(table(rows));
    if (process.exitCode) console.error(`Over the limit of ${LIMIT}× an empty database.`);
  } finally {
    for (const server of servers) await server.close();
  }
});
