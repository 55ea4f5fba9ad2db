import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Root of the checkout: where the built web app and the plugins stand. */
export const CHECKOUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');

const url = (example: string) =>
  z.url({ protocol: /^https?$/, error: `must be a URL such as ${example}` });
const count = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be between ${min} and ${max}`);

const Environment = z.object({
  PORT: count(0, 65_535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  MIXDOWN_DATA_DIR: z.string().default(path.join(CHECKOUT, '.mixdown')),
  DATABASE_URL: z
    .string('must name the database, such as postgres://user:password@host:5432/mixdown')
    .regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/database'),
  DATABASE_POOL_SIZE: count(2, 200).default(20),
  REDIS_URL: z
    .string()
    .refine(
      (text) => /^rediss?:$/.test(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.hostname,
      'must look like redis://user:password@host:6379',
    )
    .optional(),
  PUBLIC_URL: url('https://mixdown.example').optional(),
  SUPABASE_URL: url('https://abcdefgh.supabase.co').optional(),
  SUPABASE_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  SUPABASE_ANON_KEY: z.string().optional(),
  POSTHOG_KEY: z.string().optional(),
  POSTHOG_HOST: url('https://eu.i.posthog.com').optional(),
  SENTRY_DSN: url('https://key@o1.ingest.sentry.io/1').optional(),
  EXPORT_RUNNING_PER_USER: count(1, 1000).default(2),
  EXPORT_QUEUED_PER_USER: count(1, 100_000).default(10),
  EXPORT_RETENTION_DAYS: count(1, 3650).default(7),
  EXPORT_SLOTS: count(1, 10_000).optional(),
  RATE_LIMIT_PER_MINUTE: count(1, 10_000_000).default(6000),
  AUTH_ATTEMPTS_PER_MINUTE: count(1, 1_000_000).default(120),
  TRUST_PROXY: z
    .string()
    .regex(
      /^(true|false|[0-9a-fA-F.:/]+(,[0-9a-fA-F.:/]+)*)$/,
      'must be true, false, or addresses such as 10.0.0.0/8,127.0.0.1',
    )
    .default('false'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  PLUGIN_DIRS: z.string().default(path.join(CHECKOUT, 'plugins/dist')),
  WEB_DIR: z.string().default(path.join(CHECKOUT, 'apps/web/dist')),
});

/** The API's settings. Paths are absolute. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  /** Through which nodes tell each other what moves; null = through Postgres. */
  readonly redisUrl: string | null;
  /** Origin under which people reach us; null = wherever we listen. */
  readonly publicUrl: string | null;
  /** Null = the embedded sign-in. */
  readonly supabase: {
    readonly url: string;
    readonly jwtSecret: string | null;
    readonly anonKey: string | null;
  } | null;
  readonly telemetry: {
    readonly posthogKey: string | null;
    readonly posthogHost: string | null;
    readonly sentryDsn: string | null;
  };
  /** Exports of one account that may run, and wait, at once. */
  readonly exports: {
    readonly runningPerUser: number;
    readonly queuedPerUser: number;
    /** How long finished files are kept. */
    readonly retentionDays: number;
  };
  /** Requests that one account may make per minute; an address may make twice as many. */
  readonly rateLimitPerMinute: number;
  /** Sign-ups, guests and sign-ins by password that one address may ask for per minute (embedded sign-in). */
  readonly authAttemptsPerMinute: number;
  /** Whose X-Forwarded-For counts. */
  readonly trustProxy: boolean | string[];
  readonly logLevel: string;
  readonly pluginDirs: readonly string[];
  readonly webDir: string;
}

/** The settings, or a sentence that names the first variable with a wrong value. Does no I/O. */
export function readConfig(env: NodeJS.ProcessEnv): Config | { problem: string } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    const value = SECRET.has(name) ? 'another value' : `"${env[name]}"`;
    return {
      problem: `${name} ${issue?.message}${env[name] ? `, but it is ${value}` : ', but it is not set'}.`,
    };
  }
  const e = parsed.data;
  if (e.SUPABASE_JWT_SECRET && !e.SUPABASE_URL) {
    return { problem: 'SUPABASE_URL is not set, but SUPABASE_JWT_SECRET is; set both or neither.' };
  }
  return {
    port: e.PORT,
    host: e.HOST,
    dataDir: path.resolve(e.MIXDOWN_DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    redisUrl: e.REDIS_URL ?? null,
    publicUrl: e.PUBLIC_URL ? new URL(e.PUBLIC_URL).origin : null,
    supabase: e.SUPABASE_URL
      ? {
          url: e.SUPABASE_URL.replace(/\/+$/, ''),
          jwtSecret: e.SUPABASE_JWT_SECRET ?? null,
          anonKey: e.SUPABASE_ANON_KEY ?? null,
        }
      : null,
    telemetry: {
      posthogKey: e.POSTHOG_KEY ?? null,
      posthogHost: e.POSTHOG_HOST ?? null,
      sentryDsn: e.SENTRY_DSN ?? null,
    },
    exports: {
      runningPerUser: e.EXPORT_RUNNING_PER_USER,
      queuedPerUser: e.EXPORT_QUEUED_PER_USER,
      retentionDays: e.EXPORT_RETENTION_DAYS,
    },
    rateLimitPerMinute: e.RATE_LIMIT_PER_MINUTE,
    authAttemptsPerMinute: e.AUTH_ATTEMPTS_PER_MINUTE,
    trustProxy: trustedProxies(e.TRUST_PROXY),
    logLevel: e.LOG_LEVEL,
    pluginDirs: e.PLUGIN_DIRS.split(path.delimiter).map((dir) => path.resolve(dir)),
    webDir: path.resolve(e.WEB_DIR),
  };
}

/** Values that must not appear in a terminal or a log. */
const SECRET = new Set(['DATABASE_URL', 'REDIS_URL', 'SUPABASE_JWT_SECRET', 'SENTRY_DSN']);

function trustedProxies(value: string): boolean | string[] {
  if (value === 'true') return true;
  return value === 'false' ? false : value.split(',');
}
