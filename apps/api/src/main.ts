/** The API as a process of its own: reads its settings from the environment and serves until it is told to stop. */
import { createPool } from '@mixdown/database';
import { openStorage } from '@mixdown/storage';
import { createMetrics, createServerTelemetry } from '@mixdown/telemetry';
import { loadCatalogs } from '@mixdown/wam-catalog/node';
import { pino } from 'pino';
import { type Config, readConfig } from './config/config.ts';
import { createServer } from './create-server.ts';
import { sweepUploads, uploadsDir } from './uploads/receive-file.ts';
import { VERSION } from './version.ts';

/** How long running requests may take to end after SIGTERM. */
const CLOSE_TIMEOUT_MS = 5_000;

function giveUp(sentence: string): never {
  console.error(`The API cannot start: ${sentence}`);
  process.exit(1);
}

/** Says what is wrong with a service that the start needs, in a sentence. */
async function orGiveUp<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return giveUp(`${what}${error instanceof Error ? error.message || error.name : error}`);
  }
}

const read = readConfig(process.env);
const config: Config = 'problem' in read ? giveUp(read.problem) : read;
const logger = pino({
  level: config.logLevel,
  base: { service: 'api' },
  redact: ['req.headers.authorization', '*.password', '*.refresh_token', '*.access_token'],
});
const storage = await orGiveUp('', () =>
  openStorage(process.env, { dataDir: config.dataDir, publicUrl: config.publicUrl ?? '' }),
);
const catalogs = await orGiveUp('PLUGIN_DIRS: ', () => loadCatalogs(config.pluginDirs));
for (const problem of catalogs.problems) logger.warn(problem, 'a plugin file is not served');

const pool = createPool(config.databaseUrl, {
  max: config.databasePoolSize,
  applicationName: 'mixdown api',
});
await orGiveUp('DATABASE_URL: the database does not answer as Mixdown’s: ', () =>
  pool.query('select from public.daw_projects limit 1'),
);
await pool.query(
  `select public.set_setting('export_queued_per_user', $1),
    public.set_setting('export_retention_seconds', $2)`,
  [String(config.exports.queuedPerUser), String(config.exports.retentionDays * 24 * 60 * 60)],
);
await sweepUploads(uploadsDir(config.dataDir), Date.now());

const telemetry = createServerTelemetry(process.env, { service: 'api', release: VERSION });
const metrics = createMetrics({ processMetrics: true });
const app = await orGiveUp('', () =>
  createServer({ config, pool, storage, catalogs, telemetry, metrics, logger }),
);

let stopping = false;
async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Whoever does not get an answer in time is cut off: a supervisor would otherwise kill us all the same.
  setTimeout(() => process.exit(exitCode), CLOSE_TIMEOUT_MS).unref();
  await app.close();
  await pool.end();
  await telemetry.close();
  process.exit(exitCode);
}
process.on('SIGTERM', () => void stop(0));
process.on('SIGINT', () => void stop(0));
// Started by a supervisor: without it nobody would ever stop us.
process.on('disconnect', () => void stop(0));
process.on('unhandledRejection', (error) => {
  logger.fatal({ err: error }, 'unhandled rejection');
  telemetry.captureError(error);
  void telemetry.flush().finally(() => stop(1));
});

await orGiveUp(`PORT ${config.port}: `, () => app.listen({ port: config.port, host: config.host }));
const address = app.server.address();
const port = typeof address === 'object' && address ? address.port : config.port;
process.send?.({ type: 'ready', port });
