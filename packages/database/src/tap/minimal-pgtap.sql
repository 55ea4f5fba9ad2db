-- The functions of pgTAP that our tests use, with its names and meaning, for servers without the extension: the same
-- test files run under either. State lives in settings of the transaction, since tests change roles as they go.
create schema if not exists tap;
grant usage on schema tap to public;

create or replace function tap.plan(planned integer) returns text language plpgsql as $$
begin
  perform set_config('tap.planned', planned::text, true), set_config('tap.ran', '0', true),
    set_config('tap.failed', '0', true);
  return '1..' || planned;
end
$$;

create or replace function tap.ok(passed boolean, description text default null) returns text
language plpgsql as $$
declare
  n integer := coalesce(nullif(current_setting('tap.ran', true), ''), '0')::integer + 1;
begin
  perform set_config('tap.ran', n::text, true);
  if passed is not true then
    perform set_config('tap.failed', (current_setting('tap.failed')::integer + 1)::text, true);
  end if;
  return case when passed then 'ok ' else 'not ok ' end || n
    || coalesce(' - ' || replace(description, E'\n', ' '), '');
end
$$;

create or replace function tap.pass(description text default null) returns text language sql as $$
  select tap.ok(true, description)
$$;
create or replace function tap.fail(description text default null) returns text language sql as $$
  select tap.ok(false, description)
$$;
create or replace function tap.diag(message text) returns text language sql as $$
  select '# ' || replace(message, E'\n', E'\n# ')
$$;

create or replace function tap.is(have anyelement, want anyelement, description text default null)
returns text language plpgsql as $$
declare
  same boolean := have is not distinct from want;
begin
  return tap.ok(same, description) || case when same then '' else E'\n' || tap.diag(
    format(E'        have: %s\n        want: %s', coalesce(have::text, 'NULL'), coalesce(want::text, 'NULL'))) end;
end
$$;

create or replace function tap.isnt(have anyelement, want anyelement, description text default null)
returns text language sql as $$
  select tap.ok(have is distinct from want, description)
$$;

create or replace function tap.lives_ok(statement text, description text default null)
returns text language plpgsql as $$
begin
  begin
    execute statement;
  exception when others then
    return tap.ok(false, description) || E'\n' || tap.diag(format('    died: %s: %s', sqlstate, sqlerrm));
  end;
  return tap.ok(true, description);
end
$$;

-- As in pgTAP: a null errcode or message is not looked at.
create or replace function tap.throws_ok(
  statement text, errcode character(5), message text, description text)
returns text language plpgsql as $$
begin
  begin
    execute statement;
  exception when others then
    if (errcode is null or sqlstate = errcode) and (message is null or sqlerrm = message) then
      return tap.ok(true, description);
    end if;
    return tap.ok(false, description) || E'\n' || tap.diag(
      format(E'      caught: %s: %s\n      wanted: %s: %s', sqlstate, sqlerrm, errcode, message));
  end;
  return tap.ok(false, description) || E'\n' || tap.diag(
    format(E'      caught: no exception\n      wanted: %s', coalesce(errcode::text, 'an exception')));
end
$$;

create or replace function tap.is_empty(statement text, description text default null)
returns text language plpgsql as $$
declare
  n bigint;
begin
  execute statement;
  -- Not by looking at a row: one without columns, or of nothing but nulls, is a row too.
  get diagnostics n = row_count;
  return tap.ok(n = 0, description);
end
$$;

-- Compares the rows of two queries in order.
create or replace function tap.results_eq(have text, want text, description text default null)
returns text language plpgsql as $$
declare
  have_rows text[];
  want_rows text[];
begin
  execute format('select coalesce(array_agg(r::text order by n), ''{}'') from (select q as r, row_number() over () as n from (%s) q) r', have)
    into have_rows;
  execute format('select coalesce(array_agg(r::text order by n), ''{}'') from (select q as r, row_number() over () as n from (%s) q) r', want)
    into want_rows;
  return tap.is(have_rows, want_rows, description);
end
$$;

create or replace function tap.finish() returns setof text language plpgsql as $$
declare
  planned integer := current_setting('tap.planned')::integer;
  ran integer := current_setting('tap.ran')::integer;
  failed integer := current_setting('tap.failed')::integer;
begin
  if ran <> planned then
    return next tap.diag(format('Looks like you planned %s tests but ran %s', planned, ran));
  end if;
  if failed > 0 then
    return next tap.diag(format('Looks like you failed %s of %s tests', failed, planned));
  end if;
end
$$;
