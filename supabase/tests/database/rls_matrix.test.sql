-- Every table × select, insert, update, delete × everybody: what each may do with a row of somebody's project.
-- An answer is the number of rows that the statement touched, or 'denied' (no right to the table or column, or the new
-- row breaks a policy).
begin;

create temporary table actors (name text primary key, id uuid, role text, account text, guest boolean);
insert into actors
select name, gen_random_uuid(), role, account, guest from (values
  ('anonymous', 'anon', null, false),
  ('stranger', 'authenticated', 'pro', false),
  ('stranger guest', 'authenticated', null, true),
  ('client', 'authenticated', 'client', false),
  ('client with a pro account', 'authenticated', 'pro', false),
  ('editor', 'authenticated', 'pro', false),
  ('editor with a client account', 'authenticated', 'client', false),
  ('owner', 'authenticated', 'pro', false),
  ('admin', 'authenticated', 'admin', false),
  ('service', 'service_role', null, false)
) a (name, role, account, guest);
insert into auth.users (id, email, is_anonymous)
select id, case when guest then null else replace(name, ' ', '-') || '@matrix.test' end, guest from actors;

create function pg_temp.become(p_actor text) returns void language plpgsql as $$
declare
  a record;
begin
  if p_actor is null then
    perform set_config('role', 'none', true), set_config('request.jwt.claims', '', true);
    return;
  end if;
  select * into a from pg_temp.actors where name = p_actor;
  perform set_config('request.jwt.claims', case a.role
    when 'anon' then ''
    when 'service_role' then '{"role": "service_role"}'
    else jsonb_build_object('sub', a.id, 'role', a.role, 'is_anonymous', a.guest,
      'app_metadata', jsonb_strip_nulls(jsonb_build_object('daw_role', a.account)))::text end, true);
  perform set_config('role', a.role, true);
end
$$;

-- Tries a statement as somebody and takes it back.
create function pg_temp.attempt(p_actor text, p_statement text) returns text language plpgsql as $$
declare
  v_rows bigint;
  v_outcome text;
begin
  perform pg_temp.become(p_actor);
  begin
    execute p_statement;
    get diagnostics v_rows = row_count;
    raise exception using errcode = 'TAP00', message = v_rows::text;
  exception
    when sqlstate 'TAP00' then v_outcome := sqlerrm;
    when insufficient_privilege then v_outcome := 'denied';
  end;
  perform pg_temp.become(null);
  return v_outcome;
end
$$;

create function pg_temp.who(p_actor text) returns uuid language sql as $$
  select id from pg_temp.actors where name = p_actor
$$;

insert into daw_projects (id, owner_id, name)
values ('00000000-0000-4000-8000-000000000001', pg_temp.who('owner'), 'Song');
insert into daw_project_members (project_id, user_id, role) values
  ('00000000-0000-4000-8000-000000000001', pg_temp.who('editor'), 'editor'),
  ('00000000-0000-4000-8000-000000000001', pg_temp.who('editor with a client account'), 'editor'),
  ('00000000-0000-4000-8000-000000000001', pg_temp.who('client'), 'client'),
  ('00000000-0000-4000-8000-000000000001', pg_temp.who('client with a pro account'), 'client');
insert into daw_tracks (id, project_id, name, position)
values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'Bass', 0);
insert into daw_assets (id, project_id, name, channels, sample_rate, frames, source_format, source_sample_rate,
  bytes, sha256)
values ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001', 'bass.wav', 2, 48000,
  48000, 'wav', 48000, 384000, 'x');
insert into daw_clips (id, project_id, track_id, asset_id, start_frame, length_frames)
values ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003', 0, 48000);
insert into daw_plugins (id, project_id, track_id, position, catalog_id, version, integrity)
values ('00000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002', 0, 'mixdown.delay', '1.0.0', 'x');
insert into daw_plugin_locks (plugin_id, project_id, session_id, user_id, fence, expires_at)
values ('00000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-000000000001', 'tab',
  pg_temp.who('editor'), 1, now() + interval '10 s');
insert into daw_operations (project_id, seq, op_id, kind, payload)
values ('00000000-0000-4000-8000-000000000001', 1, gen_random_uuid(), 'track.add', '{}');
insert into daw_exports (id, project_id, project_name, requested_by, fingerprint, snapshot, snapshot_seq, options)
values ('00000000-0000-4000-8000-000000000006', '00000000-0000-4000-8000-000000000001', 'Song',
  pg_temp.who('owner'), 'f', '{}', 1, '{}');
insert into daw_export_suspensions (user_id, reason, suspended_by)
values (pg_temp.who('editor'), 'many', pg_temp.who('admin'));
insert into daw_admin_audit (admin_id, action, reason)
values (pg_temp.who('admin'), 'export.claim', 'a look');

-- Expectations in the order: anonymous, stranger, stranger guest, client, client with a pro account, editor,
-- editor with a client account, owner, admin, service.
create temporary table matrix (relation text, operation text, statement text, expected text[]);
insert into matrix values
  ('daw_projects', 'select', 'select id from daw_projects',
    '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_projects', 'insert', 'insert into daw_projects (name) values (''New'')',
    '{denied,1,denied,denied,1,1,denied,1,denied,other}'),
  ('daw_projects', 'update', 'update daw_projects set name = ''Renamed''',
    '{denied,0,0,0,0,1,0,1,0,1}'),
  ('daw_projects', 'delete', 'delete from daw_projects',
    '{denied,0,0,0,0,0,0,1,0,1}'),

  ('daw_project_members', 'select', 'select user_id from daw_project_members',
    '{denied,0,0,5,5,5,5,5,0,5}'),
  ('daw_project_members', 'insert', format('insert into daw_project_members (project_id, user_id, role)
      values (''00000000-0000-4000-8000-000000000001'', %L, ''client'')', pg_temp.who('stranger')),
    '{denied,denied,denied,denied,denied,denied,denied,1,denied,1}'),
  ('daw_project_members', 'update', 'update daw_project_members set role = ''client'' where role = ''editor''',
    '{denied,0,0,0,0,0,0,2,0,2}'),
  -- Whoever is not the owner may leave.
  ('daw_project_members', 'delete', 'delete from daw_project_members',
    '{denied,0,0,1,1,1,1,4,0,5}'),

  ('daw_tracks', 'select', 'select id from daw_tracks', '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_tracks', 'insert', 'insert into daw_tracks (project_id, name, position)
      values (''00000000-0000-4000-8000-000000000001'', ''Drums'', 1)',
    '{denied,denied,denied,denied,denied,1,denied,1,denied,1}'),
  ('daw_tracks', 'update', 'update daw_tracks set gain_db = -6', '{denied,0,0,0,0,1,0,1,0,1}'),
  ('daw_tracks', 'delete', 'delete from daw_tracks', '{denied,0,0,0,0,1,0,1,0,1}'),

  ('daw_assets', 'select', 'select id from daw_assets', '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_assets', 'insert', 'insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format,
      source_sample_rate, bytes, sha256)
      values (''00000000-0000-4000-8000-000000000001'', ''x'', 1, 48000, 1, ''wav'', 48000, 4, ''x'')',
    '{denied,denied,denied,denied,denied,1,denied,1,denied,1}'),
  ('daw_assets', 'update', 'update daw_assets set name = ''y''',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_assets', 'delete', 'delete from daw_assets', '{denied,0,0,0,0,1,0,1,0,1}'),

  ('daw_clips', 'select', 'select id from daw_clips', '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_clips', 'insert', 'insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames)
      values (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'',
        ''00000000-0000-4000-8000-000000000003'', 0, 1)',
    '{denied,denied,denied,denied,denied,1,denied,1,denied,1}'),
  ('daw_clips', 'update', 'update daw_clips set start_frame = 1', '{denied,0,0,0,0,1,0,1,0,1}'),
  ('daw_clips', 'delete', 'delete from daw_clips', '{denied,0,0,0,0,1,0,1,0,1}'),

  ('daw_operations', 'select', 'select seq from daw_operations', '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_operations', 'insert', 'insert into daw_operations (project_id, seq, op_id, kind, payload)
      values (''00000000-0000-4000-8000-000000000001'', 2, gen_random_uuid(), ''x'', ''{}'')',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_operations', 'update', 'update daw_operations set kind = ''y''',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}'),
  ('daw_operations', 'delete', 'delete from daw_operations',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),

  ('daw_plugins', 'select', 'select id from daw_plugins', '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_plugins', 'insert', 'insert into daw_plugins (project_id, track_id, position, catalog_id, version, integrity)
      values (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'', 1, ''a.b'', ''1'', ''x'')',
    '{denied,denied,denied,denied,denied,1,denied,1,denied,1}'),
  ('daw_plugins', 'update', 'update daw_plugins set bypassed = true', '{denied,0,0,0,0,1,0,1,0,1}'),
  ('daw_plugins', 'delete', 'delete from daw_plugins', '{denied,0,0,0,0,1,0,1,0,1}'),

  ('daw_plugin_locks', 'select', 'select plugin_id from daw_plugin_locks', '{denied,0,0,1,1,1,1,1,0,1}'),
  ('daw_plugin_locks', 'insert', format('insert into daw_plugin_locks (plugin_id, project_id, session_id, user_id,
      fence, expires_at) values (''00000000-0000-4000-8000-000000000005'', ''00000000-0000-4000-8000-000000000001'',
      ''s'', %L, 2, now()) on conflict do nothing', pg_temp.who('owner')),
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,0}'),
  ('daw_plugin_locks', 'update', 'update daw_plugin_locks set session_id = ''mine''',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_plugin_locks', 'delete', 'delete from daw_plugin_locks',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),

  -- Clients see what is shared with them; here nothing is. The next file shares.
  ('daw_exports', 'select', 'select id from daw_exports', '{denied,0,0,0,0,1,1,1,1,1}'),
  ('daw_exports', 'insert', format('insert into daw_exports (project_id, project_name, requested_by, fingerprint,
      snapshot, snapshot_seq, options) values (''00000000-0000-4000-8000-000000000001'', ''Song'', %L, ''f'', ''{}'',
      1, ''{}'')', pg_temp.who('owner')),
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_exports', 'update', 'update daw_exports set priority = 9',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_exports', 'delete', 'delete from daw_exports',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),

  ('daw_export_events', 'select', 'select id from daw_export_events', '{denied,0,0,0,0,1,1,1,1,1}'),
  ('daw_export_events', 'insert', 'insert into daw_export_events (export_id, project_id, to_status, attempt, actor)
      values (''00000000-0000-4000-8000-000000000006'', ''00000000-0000-4000-8000-000000000001'', ''completed'', 1, ''me'')',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}'),
  ('daw_export_events', 'update', 'update daw_export_events set reason = ''none''',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}'),
  ('daw_export_events', 'delete', 'delete from daw_export_events',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}'),

  ('daw_export_shares', 'select', 'select id from daw_export_shares', '{denied,0,0,0,0,0,0,0,0,0}'),
  -- The editor's right to export is suspended, and to share with it.
  ('daw_export_shares', 'insert', format('insert into daw_export_shares (export_id, project_id, user_id)
      values (''00000000-0000-4000-8000-000000000006'', ''00000000-0000-4000-8000-000000000001'', %L)',
      pg_temp.who('client')),
    '{denied,denied,denied,denied,denied,denied,denied,1,denied,1}'),
  ('daw_export_shares', 'update', 'update daw_export_shares set user_id = null',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,0}'),
  ('daw_export_shares', 'delete', 'delete from daw_export_shares', '{denied,0,0,0,0,0,0,0,0,0}'),

  ('daw_export_suspensions', 'select', 'select user_id from daw_export_suspensions',
    '{denied,0,0,0,0,1,0,0,1,1}'),
  ('daw_export_suspensions', 'insert', format('insert into daw_export_suspensions (user_id, reason, suspended_by)
      values (%L, ''why'', %L)', pg_temp.who('stranger'), pg_temp.who('admin')),
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_export_suspensions', 'update', 'update daw_export_suspensions set reason = ''less''',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),
  ('daw_export_suspensions', 'delete', 'delete from daw_export_suspensions',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,1}'),

  ('daw_admin_audit', 'select', 'select id from daw_admin_audit', '{denied,0,0,0,0,0,0,0,1,1}'),
  ('daw_admin_audit', 'insert', format('insert into daw_admin_audit (admin_id, action, reason)
      values (%L, ''x'', ''why'')', pg_temp.who('admin')),
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}'),
  ('daw_admin_audit', 'update', 'update daw_admin_audit set reason = ''other''',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}'),
  ('daw_admin_audit', 'delete', 'delete from daw_admin_audit',
    '{denied,denied,denied,denied,denied,denied,denied,denied,denied,denied}');

select plan((select count(*)::integer from matrix) * 10 - 1 + 3);

select is(
  pg_temp.attempt(a.name, m.statement), m.expected[a.n],
  format('%s: %s as %s', m.relation, m.operation, a.name))
from matrix m
cross join unnest(array['anonymous', 'stranger', 'stranger guest', 'client', 'client with a pro account', 'editor',
  'editor with a client account', 'owner', 'admin', 'service']) with ordinality as a (name, n)
where m.expected[a.n] <> 'other';

-- Apart, since the service names an owner: the default takes it from the token.
select is(
  pg_temp.attempt('service', format('insert into daw_projects (owner_id, name) values (%L, ''x'')',
    pg_temp.who('owner'))),
  '1', 'daw_projects: insert as service');
select results_eq(
  $$ select c.relname::text collate "C", o from pg_class c cross join unnest(array['delete', 'insert', 'select', 'update']) o
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1, 2 $$,
  $$ select relation collate "C", operation from matrix order by 1, 2 $$,
  'the matrix knows every table and every operation');
select is_empty(
  $$ select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity $$,
  'row-level security is on everywhere');

select * from finish();
rollback;
