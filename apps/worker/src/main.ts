/** `npm run start:worker`: a render node on `DATABASE_URL`; run as many as there is work for. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createPool } from '@mixdown/database';
import { openStorage } from '@mixdown/storage';
import { createMetrics, createServerTelemetry } from '@mixdown/telemetry';
import { loadCatalogs } from '@mixdown/wam-catalog/node';
import { pino } from 'pino';
import { isOutage } from './claim/lease.ts';
import { type MetricsServer, startMetricsServer } from './metrics-server.ts';
import { renderCode } from './reuse/render-code.ts';
import { readSettings } from './settings.ts';
import { createWorker } from './worker.ts';
import { DEFAULT_TIMINGS } from './worker-deps.ts';

const settings = readSettings(process.env);
if ('problem' in settings) throw giveUp(settings.problem);

const log = pino({ level: settings.logLevel, base: { service: 'worker', pid: process.pid } });
const { version } = JSON.parse(
  await readFile(path.join(import.meta.dirname, '../package.json'), 'utf8'),
) as { version: string };
const telemetry = createServerTelemetry(process.env, { service: 'worker', release: version });
const metrics = createMetrics({ processMetrics: true });
const pool = createPool(settings.databaseUrl, {
  max: settings.slots + 4,
  applicationName: 'mixdown worker',
});
let metricsServer: MetricsServer | undefined;
/** In this order, once. */
const closing: Array<() => Promise<unknown>> = [];

async function stop(exitCode: number): Promise<void> {
  for (let close = closing.shift(); close; close = closing.shift()) {
    await close().catch((error: unknown) => log.error({ err: error }, 'stopping'));
  }
  await metricsServer?.close();
  await telemetry.close();
  await pool.end();
  process.exit(exitCode);
}

function giveUp(sentence: string): never {
  console.error(`The worker cannot start: ${sentence}`);
  process.exit(1);
}

let stopping = false;
const stopOnce = (why: string, exitCode = 0) => {
  if (stopping) return;
  stopping = true;
  log.info(`${why}: handing back what runs`);
  void stop(exitCode);
};
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error }, event);
    telemetry.captureError(error, { tags: { event } });
    stopOnce(event, 1);
  });
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => stopOnce(signal));
}
// Started by a supervisor: without it, nobody would stop us.
process.on('disconnect', () => stopOnce('the supervisor is gone'));

try {
  const { catalog, checkFile, problems } = await loadCatalogs([...settings.pluginDirs]);
  for (const problem of problems) {
    log.warn(problem, 'a plugin is held back');
    const { catalogId, version, path: file, failure } = problem;
    telemetry.captureError(new Error(`${catalogId}@${version}: ${file} ${failure}`), {
      tags: { catalogId, version, failure },
    });
  }
  const storage = openStorage(process.env, {
    dataDir: settings.dataDir,
    publicUrl: 'http://localhost',
  });
  const worker = await createWorker({
    pool,
    databaseUrl: settings.databaseUrl,
    storage,
    catalog,
    checkFile,
    telemetry,
    metrics,
    log,
    slots: settings.slots,
    total: settings.total,
    perUser: settings.perUser,
    cores: availableParallelism(),
    spoolRoot: settings.spoolRoot,
    dataDir: settings.dataDir,
    env: process.env,
    renderCode: await renderCode(),
    reuse: settings.reuse,
    timings: DEFAULT_TIMINGS,
    limits: { memoryBytes: settings.memoryBytes, stallMs: settings.stallMs },
  });
  closing.push(() => worker.stop());
  if (settings.metricsPort !== null) {
    metricsServer = await startMetricsServer(settings.metricsPort, metrics);
    log.info({ port: metricsServer.port }, 'metrics');
  }
  log.info({ slots: settings.slots }, 'worker ready');
  process.send?.({ type: 'ready', slots: settings.slots });
} catch (error) {
  const { message = '', code = '' } = error as NodeJS.ErrnoException;
  giveUp(isOutage(error) ? `the database of DATABASE_URL does not answer (${code}).` : message);
}
