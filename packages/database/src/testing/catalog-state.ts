import type { ClientBase } from 'pg';

/** Schemas that are not the server's own. */
const OURS = `select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`;

/** Everything that a migration may change, one line each; names instead of numbers, so that databases compare. */
const STATE = `
  with ours as (${OURS})
  select line from (
    select format('schema %s %s %s', nspname, nspowner::regrole, nspacl) as line
      from pg_namespace where oid in (table ours)
    union all select format('role %s %s %s %s %s %s', rolname, rolsuper, rolinherit, rolcanlogin, rolbypassrls,
        (select array_agg(roleid::regrole::text order by 1) from pg_auth_members where member = r.oid))
      from pg_roles r where rolname !~ '^pg_'
    union all select format('default privileges %s %s %s', defaclnamespace::regnamespace, defaclobjtype, defaclacl)
      from pg_default_acl
    union all select format('relation %s %s %s %s %s %s %s', oid::regclass, relkind, relowner::regrole, relacl,
        relrowsecurity, relforcerowsecurity, reloptions)
      from pg_class where relnamespace in (table ours) and relkind <> 'i'
    union all select format('index %s', pg_get_indexdef(indexrelid))
      from pg_index join pg_class on pg_class.oid = indexrelid where relnamespace in (table ours)
    union all select format('column %s %s %s %s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
        attnotnull, attidentity, attacl, (select pg_get_expr(adbin, adrelid) from pg_attrdef
          where adrelid = attrelid and adnum = attnum))
      from pg_attribute join pg_class c on c.oid = attrelid
      where relnamespace in (table ours) and relkind in ('r', 'v') and attnum > 0 and not attisdropped
    union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace in (table ours)
    union all select format('policy %s %s %s %s %s %s %s', polrelid::regclass, polname, polcmd, polpermissive,
        array(select r::regrole::text from unnest(polroles) r order by 1), pg_get_expr(polqual, polrelid),
        pg_get_expr(polwithcheck, polrelid))
      from pg_policy
    union all select format('trigger %s %s', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
    union all select format('function %s %s %s', pg_get_functiondef(oid), proowner::regrole, proacl)
      from pg_proc where pronamespace in (table ours) and prokind in ('f', 'p')
    union all select format('type %s', oid::regtype) from pg_type where typnamespace in (table ours)
    union all select format('extension %s %s', extname, extversion) from pg_extension
    union all select format('sequence %s.%s %s', schemaname, sequencename, last_value) from pg_sequences
  ) lines order by line collate "C"`;

const TABLES = `select oid::regclass::text as name from pg_class
  where relnamespace in (${OURS}) and relkind = 'r' order by 1`;

/** The whole of a database as text: its catalogue, and what its tables hold. Equal texts are equal databases. */
export async function catalogState(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ line: string }>(STATE);
  const lines = rows.map(({ line }) => line);
  for (const { name } of (await client.query<{ name: string }>(TABLES)).rows) {
    const contents = await client.query<{ row: string }>(
      `select t::text as row from ${name} t order by t::text collate "C"`,
    );
    lines.push(...contents.rows.map(({ row }) => `row of ${name} ${row}`));
  }
  return lines.join('\n');
}
