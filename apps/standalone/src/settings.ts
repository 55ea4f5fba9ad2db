import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const CHECKOUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

export interface Settings {
  /** 0 lets the operating system choose. */
  readonly port: number;
  readonly host: string;
  /** Everything that Mixdown writes stands below this folder. */
  readonly dataDir: string;
  /** A Postgres of one's own; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined;
}

const Environment = z.object({
  PORT: z.coerce
    .number('must be a number, such as 8080')
    .int('must be a whole number')
    .min(0, 'must be at least 0')
    .max(65_535, 'must be at most 65535')
    .default(8080),
  HOST: z.string().min(1, 'must name an address, such as 127.0.0.1').default('127.0.0.1'),
  MIXDOWN_DATA_DIR: z
    .string()
    .min(1, 'must name a folder')
    .default(path.join(CHECKOUT, '.mixdown')),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/database')
    .optional(),
});

/** The settings, or a sentence that names the first variable with a wrong value. */
export function readSettings(env: NodeJS.ProcessEnv): Settings | { problem: string } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    return { problem: `${name} ${issue?.message}, but it is "${env[name]}".` };
  }
  const { PORT, HOST, MIXDOWN_DATA_DIR, DATABASE_URL } = parsed.data;
  return {
    port: PORT,
    host: HOST,
    dataDir: path.resolve(MIXDOWN_DATA_DIR),
    databaseUrl: DATABASE_URL,
  };
}
