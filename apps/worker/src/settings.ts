import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const CHECKOUT = path.resolve(import.meta.dirname, '../../..');

const whole = (min: number, max: number) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
/** Where no limit over all workers is set: more than could ever run. */
const UNLIMITED = 1_000_000;
/** Each export is a process of its own. */
const MAX_PER_WORKER = 256;
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

const Environment = z.object({
  DATABASE_URL: z
    .string('must be set, such as postgres://user:password@host:5432/database')
    .regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/database'),
  MIXDOWN_DATA_DIR: z.string().optional(),
  PLUGIN_DIRS: z.string().default(path.join(CHECKOUT, 'plugins/dist')),
  EXPORT_SLOTS: whole(1, 10_000).optional(),
  EXPORT_SLOTS_PER_WORKER: whole(1, MAX_PER_WORKER).optional(),
  EXPORT_RUNNING_PER_USER: whole(1, 256).default(2),
  EXPORT_REUSE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  EXPORT_MEMORY_MB: whole(256, 1_000_000).default(2048),
  EXPORT_STALL_SECONDS: whole(1, 3600).default(30),
  METRICS_PORT: whole(0, 65_535).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  SENTRY_DSN: httpUrl.optional(),
  POSTHOG_HOST: httpUrl.optional(),
});

export interface Settings {
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** Below the data folder where one is named, else below the system's folder for temporary files. */
  readonly spoolRoot: string;
  readonly pluginDirs: readonly string[];
  /** Exports that this worker runs at once. */
  readonly slots: number;
  /** Exports that run at once over all workers, held exactly by the database; by default as many as the workers take. */
  readonly total: number;
  readonly perUser: number;
  /** Whether identical exports of a project share the work. */
  readonly reuse: boolean;
  readonly memoryBytes: number;
  /** A render that gets no further for so long is stopped. */
  readonly stallMs: number;
  /** Null = no metrics over HTTP; 0 = any free port. */
  readonly metricsPort: number | null;
  readonly logLevel: string;
}

/** The settings, or a sentence that names the first variable with a wrong value. */
export function readSettings(env: NodeJS.ProcessEnv): Settings | { readonly problem: string } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    const value = env[name];
    // Addresses can hold passwords: they are not repeated.
    const shown = value && !value.includes('://') ? `, but it is "${value}"` : '';
    return { problem: `${name} ${issue?.message}${shown}.` };
  }
  const e = parsed.data;
  const dataDir = path.resolve(e.MIXDOWN_DATA_DIR ?? path.join(CHECKOUT, '.mixdown'));
  const spoolBase = e.MIXDOWN_DATA_DIR ? dataDir : path.join(tmpdir(), 'mixdown');
  return {
    databaseUrl: e.DATABASE_URL,
    dataDir,
    spoolRoot: path.join(spoolBase, 'spool'),
    pluginDirs: e.PLUGIN_DIRS.split(path.delimiter).filter(Boolean),
    slots: Math.min(
      e.EXPORT_SLOTS_PER_WORKER ?? e.EXPORT_SLOTS ?? availableParallelism(),
      MAX_PER_WORKER,
    ),
    total: e.EXPORT_SLOTS ?? UNLIMITED,
    perUser: e.EXPORT_RUNNING_PER_USER,
    reuse: e.EXPORT_REUSE === 'on',
    memoryBytes: e.EXPORT_MEMORY_MB * 1024 ** 2,
    stallMs: e.EXPORT_STALL_SECONDS * 1000,
    metricsPort: e.METRICS_PORT ?? null,
    logLevel: e.LOG_LEVEL,
  };
}
