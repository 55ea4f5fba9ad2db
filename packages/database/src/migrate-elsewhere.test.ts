import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
import { migrate, readMigrations, readShim } from './migrate.ts';
import { inDatabase } from './testing.ts';

/** Another version, as Debian has it; elsewhere that case does not run. */
const DEBIAN_15 = '/usr/lib/postgresql/15';

async function onCluster(native: string | undefined, work: (url: string) => Promise<void>) {
  const dir = await mkdtemp(path.join(tmpdir(), 'mixdown-elsewhere-'));
  await chmod(dir, 0o755);
  const dataDir = path.join(dir, 'data');
  const postgres = await startEmbeddedPostgres({
    dataDir,
    ephemeral: true,
    ...(native ? { native } : {}),
  });
  try {
    await work(postgres.url);
  } finally {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function run(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(text).finally(() => client.end());
}

it.runIf(existsSync(`${DEBIAN_15}/bin/postgres`))('migrates on Postgres 15 too', () =>
  onCluster(DEBIAN_15, async (url) => {
    expect((await migrate(url)).applied).toHaveLength((await readMigrations()).length);
    expect((await migrate(url)).applied).toEqual([]);
  }),
);

it('leaves out the shim where Supabase has made roles and schema auth, and revokes what that grants', () =>
  onCluster(undefined, async (url) => {
    // Supabase's own set-up, as far as we meet it: the same objects, made by somebody else, and its default grants.
    const made = (await readShim()).replace('create schema if not exists mixdown_auth;', '');
    const withoutAccounts = made.slice(0, made.indexOf('-- Accounts of the embedded sign-in'));
    await run(url, 'create database hosted');
    const hosted = inDatabase(url, 'hosted');
    await run(hosted, withoutAccounts);
    await run(hosted, 'create role supabase_admin');
    await expect(run(hosted, await readShim())).rejects.toThrow('this is a Supabase database');
    expect((await migrate(hosted)).applied).toHaveLength((await readMigrations()).length);
    const { rows } = await run(
      hosted,
      `select to_regnamespace('mixdown_auth') as accounts,
        (select count(*)::int from information_schema.role_table_grants
          where grantee = 'anon' and table_schema in ('public', 'private')) as anon_grants,
        has_table_privilege('authenticated', 'daw_exports', 'insert') as may_insert`,
    );
    expect(rows).toEqual([{ accounts: null, anon_grants: 0, may_insert: false }]);
  }));
