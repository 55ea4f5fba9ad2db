/**
 * Everything in one command: embedded Postgres, file storage, API with the web app, and a render worker, each with
 * the same code that runs in production. Ctrl-C ends all of it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DEMO_PASSWORD } from '@mixdown/api/dev-seed';
import { createPool, migrate, startEmbeddedPostgres } from '@mixdown/database';
import { isPortFree } from './check-port.ts';
import { claimDataDir } from './claim-data-dir.ts';
import { generateInThread } from './seed/generate-in-thread.ts';
import { seed } from './seed/seed.ts';
import { CHECKOUT, readSettings } from './settings.ts';
import { type Supervised, supervise } from './supervise.ts';

/** Undone in reverse order, whatever the start had reached. */
const cleanups: Array<() => Promise<void>> = [];
const parts: Supervised[] = [];
/** Signals within this time are copies of the first: npm passes on what its whole process group was sent. */
const COPIES_MS = 1_000;
/** When the stop began (performance.now()). */
let stopping: number | null = null;

async function stop(exitCode: number): Promise<void> {
  if (stopping !== null) return;
  stopping = performance.now();
  for (const cleanup of cleanups.reverse()) {
    await cleanup().catch((error: unknown) => console.error(error));
  }
  process.exit(exitCode);
}

/** Ends the start with a sentence that says what to do, after undoing what had been started. */
async function giveUp(sentence: string): Promise<never> {
  console.error(`Mixdown cannot start: ${sentence}`);
  await stop(1);
  return process.exit(1);
}

function buildWhatIsStale(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(CHECKOUT, 'scripts/build.ts')], {
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping === null) {
      console.log('\nStopping Mixdown …');
      void stop(0);
    } else if (performance.now() - stopping > COPIES_MS) {
      // Somebody is impatient. Leaving at once would leave the database behind; it ends soon when nobody uses it.
      for (const part of parts) part.kill();
    }
  });
}

// Whatever fails on the way, what had been started is stopped again.
process.on('uncaughtException', (error) => {
  console.error(error);
  void stop(1);
});

const settings = readSettings(process.env);
if ('problem' in settings) throw await giveUp(settings.problem);

if (settings.port !== 0 && !(await isPortFree(settings.port, settings.host))) {
  await giveUp(
    `port ${settings.port} is taken by another program. Stop that one, or choose another port: PORT=${settings.port + 1} npm start`,
  );
}
const claim = await claimDataDir(settings.dataDir);
if ('heldBy' in claim) {
  throw await giveUp(
    `process ${claim.heldBy} already runs Mixdown on ${settings.dataDir}. Stop it, or name another folder: MIXDOWN_DATA_DIR=…`,
  );
}
cleanups.push(claim.release);
// A folder without a database has no demo either: its song is made while the rest comes up.
const generating = existsSync(path.join(settings.dataDir, 'postgres')) ? null : generateInThread();
// Whoever needs it awaits it; until then a failure must not end the process.
generating?.catch(() => {});
if (!(await buildWhatIsStale())) await giveUp('the build failed; see above.');

let databaseUrl = settings.databaseUrl;
if (!databaseUrl) {
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(settings.dataDir, 'postgres'),
  });
  cleanups.push(() => postgres.stop());
  databaseUrl = postgres.url;
}
await migrate(databaseUrl);
const env: NodeJS.ProcessEnv = {
  ...process.env,
  DATABASE_URL: databaseUrl,
  MIXDOWN_DATA_DIR: settings.dataDir,
  // At a terminal, a line per request would push away what people look for: the address and the accounts.
  LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
  PORT: String(settings.port),
  HOST: settings.host,
};
const pool = createPool(databaseUrl);
await seed(pool, env, generating);
await pool.end();

const run = (name: string, module: string) => {
  const part = supervise({ name, module: path.join(CHECKOUT, module), env }, (code) =>
    console.error(`The ${name} ended unexpectedly (${code ?? 'killed'}); starting it again.`),
  );
  parts.push(part);
  cleanups.push(() => part.stop());
  return part;
};
const api = run('API', 'apps/api/src/main.ts');
const worker = run('worker', 'apps/worker/src/main.ts');
try {
  const [{ port }] = await Promise.all([api.ready, worker.ready]);
  console.log(`
Mixdown is ready at http://localhost:${port}

  The first page plays the demo without signing up. To sign in, use
    pro@demo.mixdown      a producer, owner of the demo project
    ana@demo.mixdown      a second producer in the same project
    client@demo.mixdown   a client: listens and downloads
    admin@demo.mixdown    reviews exports
  each with the password ${DEMO_PASSWORD}. Everything is kept in ${settings.dataDir}.
  Ctrl-C stops it.
`);
} catch (error) {
  await giveUp(error instanceof Error ? error.message : String(error));
}
