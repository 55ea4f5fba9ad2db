import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, readMigrations } from './migrate.ts';
import { adminUrl, inDatabase } from './testing.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../supabase/migrations');
/** Everything that a migration may change, as text. */
const EVERYTHING = `
  select string_agg(line, E'\\n' order by line collate "C") as state from (
    select format('%s.%s %s %s', table_schema, table_name, column_name, data_type) as line
      from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')
    union all select format('%s %s', p.oid::regprocedure, md5(prosrc || coalesce(proacl::text, ''))) from pg_proc p
      where pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    union all select format('policy %s %s %s %s', tablename, policyname, qual, with_check) from pg_policies
    union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    union all select format('grants %s %s', oid::regclass, relacl) from pg_class where relnamespace not in
      ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
    union all select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
    union all select format('applied %s %s', version, name) from supabase_migrations.schema_migrations
  ) lines`;

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

const state = async (): Promise<string> => (await client.query(EVERYTHING)).rows[0].state;
const run = () => migrate(url, { migrationsDir: folder });

describe('migrate', () => {
  it('applies everything once; a second time changes nothing', async () => {
    const names = (await readMigrations()).map(({ version, name }) => `${version}_${name}`);
    expect(names).toContain('20260125000001_daw_plugins_export');
    expect((await run()).applied).toEqual(names);
    const before = await state();
    expect((await run()).applied).toEqual([]);
    expect(await state()).toBe(before);
  });

  it('leaves the database as it was when a migration fails, and goes on from there', async () => {
    await run();
    const before = await state();
    const file = path.join(folder, '20990101000000_broken.sql');
    await writeFile(file, 'create table public.half (); select nonsense();');
    await expect(run()).rejects.toThrow(
      /Migration 20990101000000_broken failed: function nonsense\(\) does not exist/,
    );
    expect(await state()).toBe(before);
    await writeFile(file, 'create table public.half ();');
    expect((await run()).applied).toEqual(['20990101000000_broken']);
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
