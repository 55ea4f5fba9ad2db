import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, readMigrations } from './migrate.ts';
import { catalogState } from './testing/catalog-state.ts';
import { adminUrl, inDatabase } from './testing.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../supabase/migrations');

const NAME = `migrate_test_${process.pid}`;
let url: string;
let folder: string;
let client: pg.Client;
let admin: pg.Client;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
});
afterAll(() => admin.end());
beforeEach(async () => {
  await admin.query(`create database ${NAME}`);
  url = inDatabase(adminUrl(), NAME);
  client = new pg.Client({ connectionString: url });
  await client.connect();
  folder = await mkdtemp(path.join(tmpdir(), 'mixdown-migrations-'));
  await cp(MIGRATIONS, folder, { recursive: true });
});
afterEach(async () => {
  await client.end();
  await admin.query(`drop database ${NAME} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

const state = () => catalogState(client);
/** A database in use: an account, a project, its log. */
const use = () =>
  client.query(`with someone as (insert into auth.users (email) values ('one@test.mixdown') returning id)
    insert into daw_projects (owner_id, name, seq) select id, 'Song', 7 from someone`);
const run = () => migrate(url, { migrationsDir: folder });

describe('migrate', () => {
  it('applies everything once; a second time changes nothing', async () => {
    const names = (await readMigrations()).map(({ version, name }) => `${version}_${name}`);
    expect(names).toContain('20260125000001_daw_plugins_export');
    expect((await run()).applied).toEqual(names);
    await use();
    const before = await state();
    // That the comparison sees what migrations make.
    for (const seen of [
      /^function .*private\.account_role\(\)[\s\S]*?app_metadata/m,
      /^policy daw_plugins members read r /m,
      /^index .*daw_plugins_track /m,
      /^column daw_projects tempo double precision .*120/m,
      /^row of daw_projects .*Song,7/m,
    ]) {
      expect(before).toMatch(seen);
    }
    expect((await run()).applied).toEqual([]);
    expect(await state()).toBe(before);
  });

  it.each([
    ['that does not parse', 'create table public.half ();\nselect from where;'],
    ['that fails at its end', 'create table public.half (); select nonsense();'],
    [
      'that has changed rows, rights, functions, policies and settings by then',
      `update public.daw_projects set name = 'Lost', seq = 0;
        alter table public.daw_projects add column lost integer, disable row level security;
        grant all on public.daw_exports to anon;
        drop policy "members read" on public.daw_tracks;
        drop function public.daw_append_operation(uuid, uuid, text, jsonb) cascade;
        create or replace function private.account_role() returns text language sql return 'admin';
        alter default privileges in schema public revoke all on tables from anon;
        create role lost;
        drop table public.daw_operations;
        select 1 / 0;`,
    ],
    [
      'whose deferred constraints do not hold',
      `create table public.half (n integer unique deferrable initially deferred);
        insert into public.half values (1), (1);`,
    ],
  ])(
    'leaves the database as it was where there is a migration %s, and goes on from there',
    async (_, sql) => {
      await run();
      await use();
      const before = await state();
      const file = path.join(folder, '20990101000000_broken.sql');
      await writeFile(file, sql);
      await expect(run()).rejects.toThrow(/Migration 20990101000000_broken failed: /);
      expect(await state()).toBe(before);
      await writeFile(file, 'create table public.half ();');
      expect((await run()).applied).toEqual(['20990101000000_broken']);
    },
  );

  it('leaves nothing of a first migration that fails either', async () => {
    await writeFile(
      path.join(folder, '20000101000000_broken.sql'),
      'create table public.half (); select nonsense();',
    );
    await expect(run()).rejects.toThrow('function nonsense() does not exist');
    const before = await state();
    await expect(run()).rejects.toThrow('function nonsense() does not exist');
    expect(await state()).toBe(before);
    expect(before).not.toMatch(/half|daw_/);
  });

  it('keeps those that came before a failing one', async () => {
    await writeFile(path.join(folder, '20990101000000_fine.sql'), 'create table public.fine ();');
    await writeFile(path.join(folder, '20990101000001_broken.sql'), 'nonsense;');
    await expect(run()).rejects.toThrow('20990101000001_broken');
    const { rows } = await client.query(
      "select to_regclass('public.fine') is not null as fine, max(version) as last from supabase_migrations.schema_migrations",
    );
    expect(rows).toEqual([{ fine: true, last: '20990101000000' }]);
  });

  it('runs once when several processes start together', async () => {
    const runs = await Promise.all([run(), run(), run()]);
    const [applied] = runs.filter((one) => one.applied.length > 0);
    expect(runs.filter((one) => one.applied.length > 0)).toHaveLength(1);
    expect(applied?.applied).toHaveLength((await readMigrations(folder)).length);
  });

  it('refuses to go on when an applied migration was edited, and names it', async () => {
    await run();
    await writeFile(path.join(folder, '20260125000000_daw_projects.sql'), 'select 1;');
    await expect(run()).rejects.toThrow('20260125000000_daw_projects was edited');
  });

  it('continues where the tool of Supabase stopped, which keeps statements one by one', async () => {
    await run();
    await client.query(
      "update supabase_migrations.schema_migrations set statements = array['select 1', 'select 2']",
    );
    expect((await run()).applied).toEqual([]);
  });

  it('refuses files whose name it cannot order', async () => {
    await writeFile(path.join(folder, 'later.sql'), 'select 1;');
    await expect(run()).rejects.toThrow('later.sql must be named');
  });
});
