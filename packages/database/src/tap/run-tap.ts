import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { parseTap, type TapReport } from './parse-tap.ts';

const MINIMAL = path.join(import.meta.dirname, 'minimal-pgtap.sql');

/** pgTAP itself where the server has it, else our few functions of the same names. */
async function install(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    "select from pg_available_extensions where name = 'pgtap'",
  );
  await client.query(
    rowCount
      ? 'create schema if not exists tap; create extension if not exists pgtap schema tap'
      : await readFile(MINIMAL, 'utf8'),
  );
}

/**
 * Runs one pgTAP file (`begin; select plan(…); …; select * from finish(); rollback;`) as a superuser. A file that
 * dies rejects, as do connection errors.
 */
export async function runTap(url: string, file: string): Promise<TapReport> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set client_min_messages = warning');
    await install(client);
    await client.query('set search_path = public, tap');
    const sql = await readFile(file, 'utf8');
    // Several statements in one query answer with one result each.
    const results = [await client.query({ text: sql, rowMode: 'array' })].flat();
    const lines = results.flatMap(({ rows }) => (rows as unknown[][]).map(([first]) => first));
    return parseTap(lines.filter((line) => typeof line === 'string').join('\n'));
  } finally {
    await client.end();
  }
}
