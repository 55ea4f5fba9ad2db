-- Nobody makes more of themselves: neither in a project (the members' roles, its owner), nor of their account (what the
-- service has written about it), nor by what a token says beside that.
-- An answer is the number of rows that the statement touched, 'denied', or the kind of constraint in the way.
begin;

create temporary table actors (n integer, name text primary key, role text, account text, guest boolean);
insert into actors values
  (1, 'anonymous', 'anon', null, false),
  (2, 'stranger', 'authenticated', 'pro', false),
  (3, 'guest', 'authenticated', null, true),
  (4, 'client', 'authenticated', 'pro', false),
  (5, 'editor', 'authenticated', 'pro', false),
  (6, 'owner', 'authenticated', 'pro', false),
  (7, 'admin', 'authenticated', 'admin', false),
  (8, 'service', 'service_role', null, false);

create function pg_temp.who(p_actor text) returns uuid language sql immutable as $$
  select md5(p_actor)::uuid
$$;
create function pg_temp.become(p_actor text) returns void language plpgsql as $$
declare
  a record;
begin
  if p_actor is null then
    perform set_config('role', 'none', true), set_config('request.jwt.claims', '', true);
    return;
  end if;
  select * into a from pg_temp.actors where name = p_actor;
  -- What people may write into their own account themselves stands beside what the service says.
  perform set_config('request.jwt.claims', case a.role
    when 'anon' then ''
    when 'service_role' then '{"role": "service_role"}'
    else jsonb_build_object('sub', pg_temp.who(a.name), 'role', a.role, 'is_anonymous', a.guest,
      'user_metadata', '{"daw_role": "admin", "role": "service_role"}'::jsonb, 'daw_role', 'admin',
      'app_metadata', jsonb_strip_nulls(jsonb_build_object('daw_role', a.account)))::text end, true);
  perform set_config('role', a.role, true);
end
$$;
create function pg_temp.attempt(p_actor text, p_statement text) returns text language plpgsql as $$
declare
  v_rows bigint;
  v_outcome text;
begin
  p_statement := replace(p_statement, '{me}', quote_literal(pg_temp.who(p_actor)));
  perform pg_temp.become(p_actor);
  begin
    execute p_statement;
    get diagnostics v_rows = row_count;
    raise exception using errcode = 'TAP00', message = v_rows::text;
  exception
    when sqlstate 'TAP00' then v_outcome := sqlerrm;
    when insufficient_privilege then v_outcome := 'denied';
    when unique_violation then v_outcome := 'unique';
  end;
  perform pg_temp.become(null);
  return v_outcome;
end
$$;

insert into auth.users (id, email, is_anonymous, raw_app_meta_data)
select pg_temp.who(name), case when not guest then name || '@roles.test' end, guest, '{}' from actors;
insert into daw_projects (id, owner_id, name)
values ('00000000-0000-4000-8000-000000000001', pg_temp.who('owner'), 'Song');
insert into daw_project_members (project_id, user_id, role) values
  ('00000000-0000-4000-8000-000000000001', pg_temp.who('editor'), 'editor'),
  ('00000000-0000-4000-8000-000000000001', pg_temp.who('client'), 'client');

-- Expectations in the order of `actors`. {me} is whoever tries.
create temporary table attempts (what text, statement text, expected text[]);
insert into attempts values
  ('becomes an editor', 'update daw_project_members set role = ''editor'' where user_id = {me} and role = ''client''',
    '{denied,0,0,0,0,0,0,0}'),
  ('becomes the owner', 'update daw_project_members set role = ''owner'' where user_id = {me}',
    '{denied,0,0,0,0,0,0,0}'),
  -- An owner who gives the role away would leave a project that nobody owns.
  ('becomes a client', 'update daw_project_members set role = ''client'' where user_id = {me}',
    '{denied,0,0,0,0,0,0,0}'),
  ('makes a second owner of the editor', format('update daw_project_members set role = ''owner'' where user_id = %L',
    pg_temp.who('editor')), '{denied,0,0,0,0,denied,0,unique}'),
  ('makes everybody an owner', 'update daw_project_members set role = ''owner'' where role <> ''owner''',
    '{denied,0,0,0,0,denied,0,unique}'),
  ('takes the owner''s role', 'update daw_project_members set role = ''client'' where role = ''owner''',
    '{denied,0,0,0,0,0,0,1}'),
  ('takes the place of another member', 'update daw_project_members set user_id = {me} where role <> ''owner''',
    '{denied,denied,denied,denied,denied,denied,denied,unique}'),
  ('joins as an editor', 'insert into daw_project_members (project_id, user_id, role)
      values (''00000000-0000-4000-8000-000000000001'', {me}, ''editor'')',
    '{denied,denied,denied,denied,denied,unique,denied,1}'),
  ('joins as a client', 'insert into daw_project_members (project_id, user_id, role)
      values (''00000000-0000-4000-8000-000000000001'', {me}, ''client'')',
    '{denied,denied,denied,denied,denied,unique,denied,1}'),
  ('joins as the owner', 'insert into daw_project_members (project_id, user_id, role)
      values (''00000000-0000-4000-8000-000000000001'', {me}, ''owner'')',
    '{denied,denied,denied,denied,denied,denied,denied,unique}'),
  ('joins once more, with another role', 'insert into daw_project_members (project_id, user_id, role)
      values (''00000000-0000-4000-8000-000000000001'', {me}, ''editor'')
      on conflict (project_id, user_id) do update set role = ''editor''',
    '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('invites a second owner', format('insert into daw_project_members (project_id, user_id, role)
      values (''00000000-0000-4000-8000-000000000001'', %L, ''owner'')', pg_temp.who('stranger')),
    '{denied,denied,denied,denied,denied,denied,denied,unique}'),
  ('removes the owner', 'delete from daw_project_members where role = ''owner''', '{denied,0,0,0,0,0,0,1}'),
  ('removes the others', 'delete from daw_project_members where role <> ''owner'' and user_id <> {me}',
    '{denied,0,0,0,0,2,0,2}'),
  ('is written down as the owner', 'update daw_projects set owner_id = {me}',
    '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('makes a project of somebody else', format('insert into daw_projects (owner_id, name) values (%L, ''Theirs'')',
    pg_temp.who('admin')), '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('gives the account another role', 'update auth.users set raw_app_meta_data = ''{"daw_role": "admin"}''
      where id = {me}', '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('makes an account of a guest', 'update auth.users set is_anonymous = false where id = {me}',
    '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('writes whatever else into the account', 'update auth.users set raw_user_meta_data = ''{}'' where id = {me}',
    '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('makes an account', 'insert into auth.users (email) values (''another@roles.test'')',
    '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('removes an account', format('delete from auth.users where id = %L', pg_temp.who('admin')),
    '{denied,denied,denied,denied,denied,denied,denied,1}'),
  ('reads the accounts', 'select id from auth.users limit 1',
    '{denied,denied,denied,denied,denied,denied,denied,1}');

select plan((select count(*)::integer from attempts) * 8 + 14);

select is(pg_temp.attempt(a.name, t.statement), t.expected[a.n], format('%s: %s', t.what, a.name))
from attempts t cross join actors a;

-- Whoever owns a project stays its owner until the project goes.
select results_eq('select owner_id, role from daw_projects p join daw_project_members m
    on m.project_id = p.id and m.user_id = p.owner_id',
  format($$ values (%L::uuid, 'owner') $$, pg_temp.who('owner')), 'the owner is who it was, by both tables');
select is(
  (select string_agg(name || ' ' || pg_temp.attempt(name, 'delete from daw_projects'), ', ' order by n) from actors),
  'anonymous denied, stranger 0, guest 0, client 0, editor 0, owner 1, admin 0, service 1',
  'the owner alone removes the project');

-- What a token says beside app_metadata means nothing.
create function pg_temp.role_of(p_actor text) returns text language plpgsql as $$
declare
  v_role text;
begin
  perform pg_temp.become(p_actor);
  v_role := private.account_role() || case when private.is_admin() then ', admin' else '' end
    || case when private.is_service() then ', service' else '' end;
  perform pg_temp.become(null);
  return v_role;
end
$$;
select is(pg_temp.role_of('client'), 'pro', 'user_metadata makes nobody an admin or the service');
select is(pg_temp.role_of('guest'), 'guest', 'nor a guest anything else');
select is(pg_temp.role_of('admin'), 'admin, admin', 'the service does');

-- The roles of the API stand beside one another.
select is(pg_has_role('anon', r, 'member'), false, format('anon cannot become %s', r))
from unnest(array['authenticated', 'service_role']) r;
select is(pg_has_role('authenticated', r, 'member'), false, format('authenticated cannot become %s', r))
from unnest(array['anon', 'service_role']) r;
select is_empty($$ select from pg_roles where rolname in ('anon', 'authenticated')
    and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin or rolreplication) $$,
  'people''s roles have no powers beside their grants');
select is_empty($$ select from pg_roles where rolname = 'service_role' and (rolsuper or rolcreaterole or rolcreatedb) $$,
  'the service''s role passes by policies and is no superuser');
select is_empty($$ select from pg_class c cross join unnest(array['anon', 'authenticated']) r
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
    where c.relkind in ('r', 'v', 'p') and has_table_privilege(r, c.oid, p)
    and c.relnamespace in (select oid from pg_namespace where nspname in ('auth', 'private', 'mixdown_auth',
      'supabase_migrations')) $$,
  'accounts, passwords, sessions, settings and the list of migrations are closed to people');
select is_empty($$ select from pg_namespace n cross join unnest(array['anon', 'authenticated', 'service_role']) r
    where nspname in ('public', 'private', 'auth', 'mixdown_auth', 'supabase_migrations')
    and has_schema_privilege(r, n.oid, 'create') $$,
  'nobody makes tables or functions of their own where ours are');
select is_empty($$ select from pg_namespace n cross join unnest(array['anon', 'authenticated']) r
    where has_schema_privilege(r, n.oid, 'usage')
    and nspname in ('mixdown_auth', 'supabase_migrations') $$,
  'people do not even look into those schemas');

select * from finish();
rollback;
