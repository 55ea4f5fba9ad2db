import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

const SUPABASE = path.resolve(import.meta.dirname, '../../../supabase');
const FILE = /^(\d{14})_(.+)\.sql$/;
/** Any number; the same for everybody who migrates. */
const LOCK = 7_220_126;

export interface MigrateOptions {
  readonly migrationsDir?: string;
}

interface Migration {
  readonly version: string;
  readonly name: string;
  readonly statements: string;
}

/** The migrations of a folder, oldest first. Files that are not named `<14 digits>_name.sql` are refused. */
export async function readMigrations(
  folder = path.join(SUPABASE, 'migrations'),
): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const [, version, name] = FILE.exec(file) ?? [];
      if (!version || !name) throw new Error(`${file} must be named <14 digits>_<name>.sql`);
      return { version, name, statements: await readFile(path.join(folder, file), 'utf8') };
    }),
  );
}

export const readShim = (): Promise<string> =>
  readFile(path.join(SUPABASE, 'shim/plain-postgres.sql'), 'utf8');

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** The same table as Supabase's own tool keeps, so that either continues where the other stopped. */
const HISTORY = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (
    version text not null primary key, statements text[], name text
  );
  alter table supabase_migrations.schema_migrations
    add column if not exists statements text[], add column if not exists name text`;

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const { version, name, statements } = migration;
  await inTransaction(client, async () => {
    await client.query(statements);
    await client.query(
      'insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)',
      [version, [statements], name],
    );
  }).catch((error: unknown) => {
    throw new Error(
      `Migration ${version}_${name} failed: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  });
}

/**
 * Brings the database up to date: on plain Postgres first the shim, then each pending migration in one transaction
 * of its own. Several processes may do so at once. Throws if an applied migration has been edited since.
 */
export async function migrate(
  url: string,
  options: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.migrationsDir);
  const client = new pg.Client({ connectionString: url, application_name: 'mixdown migrate' });
  await client.connect();
  try {
    await client.query('set client_min_messages = warning');
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const { rowCount: onSupabase } = await client.query(
      "select from pg_roles where rolname = 'supabase_admin'",
    );
    if (!onSupabase) {
      const shim = await readShim();
      await inTransaction(client, async () => void (await client.query(shim)));
    }
    await client.query(HISTORY);
    const { rows } = await client.query<{ version: string; statements: string[] | null }>(
      'select version, statements from supabase_migrations.schema_migrations',
    );
    const known = new Map(rows.map(({ version, statements }) => [version, statements]));
    const applied: string[] = [];
    for (const migration of migrations) {
      const before = known.get(migration.version);
      if (before === undefined) {
        await apply(client, migration);
        applied.push(`${migration.version}_${migration.name}`);
      } else if (before?.length === 1 && before[0] !== migration.statements) {
        throw new Error(
          `Migration ${migration.version}_${migration.name} was edited after it had been applied to this database; restore it and add another one, or start with a new database`,
        );
      }
    }
    return { applied };
  } finally {
    await client.end();
  }
}
