import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Claims, kyselyOf } from './as-role.ts';
import { migrate, readMigrations, readShim } from './migrate.ts';
import { createPool } from './pool.ts';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and removes the database. */
  drop(): Promise<void>;
}

const TEMPLATE_LOCK = 7_220_127;

/** The superuser's address of the run's cluster, from the global set-up. */
export function adminUrl(): string {
  const url = process.env.MIXDOWN_TEST_PG_URL;
  if (!url) throw new Error('MIXDOWN_TEST_PG_URL is not set: tests run by vitest from the root');
  return url;
}

export function inDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A migrated database to copy from, made once per run and state of the migrations. */
async function template(url: string): Promise<string> {
  const hash = createHash('sha256').update(await readShim());
  for (const { statements } of await readMigrations()) hash.update(statements);
  const name = `template_${hash.digest('hex').slice(0, 16)}`;
  await asAdmin(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return;
    const building = `${name}_building`;
    await client.query(`drop database if exists ${building}`);
    await client.query(`create database ${building}`);
    await migrate(inDatabase(url, building));
    await client.query(`alter database ${building} rename to ${name}`);
  });
  return name;
}

/** An empty, migrated database of the test file's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = adminUrl();
  const source = await template(admin);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(admin, (client) => client.query(`create database ${name} template ${source}`));
  const url = inDatabase(admin, name);
  const pool = createPool(url, { max: 30, applicationName: 'mixdown test' });
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await asAdmin(admin, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

export interface TestUser {
  readonly id: string;
  /** What a verified token of this user would carry. */
  readonly claims: Claims;
}

/** An account with the claims that its token would carry. `daw_role` is absent for guests. */
export async function createTestUser(
  pool: pg.Pool,
  role: 'pro' | 'client' | 'admin' | 'guest' = 'pro',
): Promise<TestUser> {
  const anonymous = role === 'guest';
  const app = anonymous ? {} : { daw_role: role };
  const email = anonymous ? null : `${role}-${randomBytes(6).toString('hex')}@test.mixdown`;
  const { rows } = await pool.query<{ id: string }>(
    'insert into auth.users (email, is_anonymous, raw_app_meta_data) values ($1, $2, $3) returning id',
    [email, anonymous, app],
  );
  const id = rows[0]?.id as string;
  return {
    id,
    claims: { sub: id, is_anonymous: anonymous, app_metadata: app, ...(email ? { email } : {}) },
  };
}

export { kyselyOf };
