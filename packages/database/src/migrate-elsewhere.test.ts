import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
import { migrate, readMigrations, readShim } from './migrate.ts';
import { runTap } from './tap/run-tap.ts';
import { catalogState } from './testing/catalog-state.ts';
import { inDatabase } from './testing.ts';

const TAP = path.resolve(import.meta.dirname, '../../../supabase/tests/database');
/** Who may do what with our tables, columns, sequences and functions. */
const GRANTS = `
  select format('%s %s', c.oid::regclass, relacl) as line from pg_class c
    where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'v', 'S')
  union all select format('%s.%s %s', attrelid::regclass, attname, attacl) from pg_attribute
    where attrelid in (select oid from pg_class
      where relnamespace in ('public'::regnamespace, 'private'::regnamespace)) and attacl is not null
  union all select format('%s %s', oid::regprocedure, proacl) from pg_proc
    where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
  order by 1`;

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

async function stateOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return catalogState(client).finally(() => client.end());
}

const has15 = existsSync(`${DEBIAN_15}/bin/postgres`);
describe.each([
  ['15', DEBIAN_15, has15],
  ['17', undefined, true],
])('on Postgres %s', (version, native, available) => {
  it.runIf(available)('migrates; again changes nothing, and a failure leaves nothing behind', () =>
    onCluster(native, async (url) => {
      const { rows } = await run(url, 'show server_version');
      expect(rows[0].server_version).toMatch(new RegExp(`^${version}\\.`));
      expect((await migrate(url)).applied).toHaveLength((await readMigrations()).length);
      await run(
        url,
        `with someone as (insert into auth.users (email) values ('one@test.mixdown') returning id)
          insert into daw_projects (owner_id, name) select id, 'Song' from someone`,
      );
      const before = await stateOf(url);
      expect((await migrate(url)).applied).toEqual([]);
      expect(await stateOf(url)).toBe(before);
      const migrationsDir = await mkdtemp(path.join(tmpdir(), 'mixdown-failing-'));
      try {
        await writeFile(
          path.join(migrationsDir, '20990101000000_broken.sql'),
          `update daw_projects set name = 'Lost'; drop table daw_operations; grant all on daw_tracks to anon;
            create or replace function private.account_role() returns text language sql return 'admin';
            select 1 / 0;`,
        );
        await expect(migrate(url, { migrationsDir })).rejects.toThrow('division by zero');
      } finally {
        await rm(migrationsDir, { recursive: true });
      }
      expect(await stateOf(url)).toBe(before);
    }),
  );
});

it.runIf(has15)('holds on Postgres 15 what supabase/tests/database say', () =>
  onCluster(DEBIAN_15, async (url) => {
    await migrate(url);
    for (const file of (await readdir(TAP)).filter((name) => name.endsWith('.test.sql')).sort()) {
      const { failures } = await runTap(url, path.join(TAP, file));
      expect([file, failures]).toEqual([file, []]);
    }
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
    const { rows } = await run(hosted, "select to_regnamespace('mixdown_auth') as accounts");
    expect(rows).toEqual([{ accounts: null }]);
    // What it grants on whatever is new is still in force there, and was on all of our tables for a moment.
    await run(
      hosted,
      'create table public.probe (); create function public.probe() returns void language sql return null',
    );
    expect(
      (
        await run(
          hosted,
          "select has_table_privilege('anon', 'probe', 'truncate') as t, has_function_privilege('anon', 'probe()', 'execute') as f",
        )
      ).rows,
    ).toEqual([{ t: true, f: true }]);
    await run(hosted, 'drop table public.probe; drop function public.probe()');
    for (const file of ['functions.test.sql', 'own_role.test.sql', 'rls_matrix.test.sql']) {
      const { failures } = await runTap(hosted, path.join(TAP, file));
      expect([file, failures]).toEqual([file, []]);
    }
    // Of grants nothing is left that a plain database does not have too.
    await run(url, 'create database plain');
    const plain = inDatabase(url, 'plain');
    // The role makes it a Supabase database for everything on this server.
    await run(url, 'drop owned by supabase_admin; drop role supabase_admin');
    await migrate(plain);
    expect((await run(hosted, GRANTS)).rows).toEqual((await run(plain, GRANTS)).rows);
  }));

// Supabase's `postgres` is no superuser, and schema auth belongs to somebody else, behind row-level security.
const AS_HOSTED = `
  create role supabase_auth_admin nologin;
  create role migrator login password 'migrator' createdb createrole bypassrls;
  grant anon, authenticated, service_role to migrator;
  create database hosted owner migrator`;
const HOSTED_AUTH = `
  alter schema public owner to migrator;
  alter default privileges for role migrator in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges for role migrator in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges for role migrator in schema public grant all on functions to anon, authenticated, service_role;
  alter schema auth owner to supabase_auth_admin;
  alter table auth.users owner to supabase_auth_admin;
  alter table auth.users enable row level security;
  grant usage on schema auth to migrator;
  grant all on all tables in schema auth to migrator`;

it('migrates, and holds the same, as the role that Supabase gives out, which is no superuser', () =>
  onCluster(undefined, async (url) => {
    const made = await readShim();
    const shim = made.slice(0, made.indexOf('-- Accounts of the embedded sign-in'));
    await run(url, shim);
    for (const statement of AS_HOSTED.split(';')) await run(url, statement);
    const hosted = inDatabase(url, 'hosted');
    await run(hosted, shim);
    await run(hosted, HOSTED_AUTH);
    await run(url, 'create role supabase_admin');
    const asMigrator = new URL(hosted);
    asMigrator.username = 'migrator';
    asMigrator.password = 'migrator';
    expect((await run(asMigrator.href, 'show is_superuser')).rows).toEqual([
      { is_superuser: 'off' },
    ]);
    const { applied } = await migrate(asMigrator.href);
    expect(applied).toHaveLength((await readMigrations()).length);
    expect((await migrate(asMigrator.href)).applied).toEqual([]);
    for (const file of (await readdir(TAP)).filter((name) => name.endsWith('.test.sql')).sort()) {
      const { failures } = await runTap(hosted, path.join(TAP, file));
      expect([file, failures]).toEqual([file, []]);
    }
  }));
