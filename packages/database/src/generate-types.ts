/** `npm run types -w @mixdown/database`: writes types.ts from a migrated database. A test holds the two together. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

export const TYPES_FILE = path.join(import.meta.dirname, 'types.ts');

/** Columns whose type says more in TypeScript than in Postgres. */
const NARROWED: Readonly<Record<string, string>> = {
  'auth.users.raw_app_meta_data': 'Record<string, unknown>',
  'auth.users.raw_user_meta_data': 'Record<string, unknown>',
  'daw_projects.sample_rate': "Project['sampleRate']",
  'daw_project_members.role': 'ProjectRole',
  'daw_tracks.color': "Track['color']",
  'daw_assets.source_format': "Asset['sourceFormat']",
  'daw_operations.payload': 'Record<string, unknown>',
  'daw_plugins.params': 'ParamValues',
  'daw_exports.snapshot': 'ProjectSnapshot',
  'daw_exports.options': 'ExportOptions',
  'daw_exports.plan': 'Record<string, unknown>',
  'daw_exports.status': 'ExportStatus',
  'daw_exports.progress': "ExportView['progress']",
  'daw_exports.result': 'Record<string, unknown>',
  'daw_exports.peaks': 'ExportPeaks',
  'daw_exports.error': "NonNullable<ExportView['error']>",
  'daw_export_events.from_status': 'ExportStatus',
  'daw_export_events.to_status': 'ExportStatus',
  'daw_admin_audit.details': 'Record<string, unknown>',
};

const PLAIN: Readonly<Record<string, string>> = {
  uuid: 'string',
  text: 'string',
  boolean: 'boolean',
  integer: 'number',
  bigint: 'number',
  'double precision': 'number',
  'timestamp with time zone': 'Timestamp',
};

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly defaulted: boolean;
  readonly identity: boolean;
}

const COLUMNS = `
  select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as table,
    a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
    a.atthasdef as defaulted, a.attidentity <> '' as identity
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    and n.nspname in ('public', 'auth', 'mixdown_auth')
  order by n.nspname = 'public' desc, n.nspname, c.relname, a.attnum`;

function typeOf({ table, column, type, nullable, defaulted, identity }: Column): string {
  const narrowed = NARROWED[`${table}.${column}`] ?? PLAIN[type];
  if (!narrowed) throw new Error(`${table}.${column}: no TypeScript type for ${type}`);
  const full = nullable ? `${narrowed} | null` : narrowed;
  if (identity) return `GeneratedAlways<${full}>`;
  // The keys are filled by a trigger.
  return defaulted || column === 'storage_key' || column === 'peaks_key'
    ? `Generated<${full}>`
    : full;
}

const pascal = (table: string): string =>
  table
    .replace(/^daw_/, '')
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The source text of types.ts for the database at `url`. */
export async function generateTypes(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Column>(COLUMNS).finally(() => client.end());
  const tables = Map.groupBy(rows, ({ table }) => table);
  const interfaces = [...tables].map(
    ([table, columns]) =>
      `export interface ${pascal(table)}Table {\n${columns
        .map((column) => `  ${column.column}: ${typeOf(column)};`)
        .join('\n')}\n}\n`,
  );
  const entries = [...tables.keys()].map(
    (table) => `  ${table.includes('.') ? `'${table}'` : table}: ${pascal(table)}Table;`,
  );
  return `/** Made from the migrations by generate-types.ts: do not edit. */
import type {
  Asset,
  ExportOptions,
  ExportPeaks,
  ExportStatus,
  ExportView,
  ParamValues,
  Project,
  ProjectRole,
  ProjectSnapshot,
  Track,
} from '@mixdown/contract';
import type { ColumnType, GeneratedAlways } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;

${interfaces.join('\n')}
export interface Database {
${entries.join('\n')}
}
`;
}

if (import.meta.main) {
  const { withTemporaryDatabase } = await import('./testing/temporary-database.ts');
  await withTemporaryDatabase(async (url) => writeFile(TYPES_FILE, await generateTypes(url)));
  console.log(`${TYPES_FILE}: ${(await readFile(TYPES_FILE, 'utf8')).split('\n').length} lines`);
}
