import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { runTap } from './run-tap.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../supabase/tests/database');
const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.test.sql')).sort();

let db: TestDatabase;
let scratch: string;
beforeAll(async () => {
  db = await createTestDatabase();
  scratch = await mkdtemp(path.join(tmpdir(), 'mixdown-tap-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await db.drop();
});

describe('supabase/tests/database', () => {
  it.each(files)('%s', async (file) => {
    const { failures, passed, planned } = await runTap(db.url, path.join(FOLDER, file));
    expect(failures).toEqual([]);
    expect(passed).toBe(planned);
    expect(passed).toBeGreaterThan(0);
  });
});

describe('the runner', () => {
  const run = async (sql: string) => {
    const file = path.join(scratch, 'case.sql');
    await writeFile(file, sql);
    return runTap(db.url, file);
  };

  it('reports failures with what was there and what was wanted', async () => {
    const { passed, failures } = await run(`begin; select plan(6);
      select is(1, 1, 'same'); select is(1, 2, 'different');
      select throws_ok('select 1/0', '22012', null, 'divides'); select throws_ok('select 1', '22012', null, 'lives');
      select lives_ok('select 1/0', 'dies'); select results_eq('values (1), (2)', 'values (2), (1)', 'order');
      select * from finish(); rollback;`);
    expect(passed).toBe(2);
    expect(failures).toHaveLength(4);
    expect(failures[0]).toMatch(/not ok 2 - different\n# +have: 1\n# +want: 2/);
  });

  it('tells a row without columns, or of nothing but nulls, from no row', async () => {
    const { passed, failures } = await run(`begin; select plan(4);
      select is_empty('select where true', 'no columns'); select is_empty('select null', 'nulls');
      select is_empty('select where false', 'none'); select is_empty('select 1 limit 0', 'none either');
      select * from finish(); rollback;`);
    expect(passed).toBe(2);
    expect(failures).toEqual(['not ok 1 - no columns', 'not ok 2 - nulls']);
  });

  it('reports a plan that was not met', async () => {
    const { failures } = await run(
      `begin; select plan(2); select ok(true, 'one'); select * from finish(); rollback;`,
    );
    expect(failures).toEqual(['planned 2, ran 1']);
  });

  it('rejects when a file dies', async () => {
    await expect(run('begin; select plan(1); select nonsense(); rollback;')).rejects.toThrow(
      'nonsense',
    );
  });

  it('leaves nothing behind', async () => {
    await run(`begin; select plan(1); create table public.left_over (); select ok(true, 'made');
      select * from finish(); rollback;`);
    const { rows } = await db.pool.query("select to_regclass('public.left_over') as t");
    expect(rows).toEqual([{ t: null }]);
  });
});
