-- The live room's side of the database: who somebody is in a project, what a write under a lock leaves behind, who may
-- take a lock away, and what becomes of locks when a right ends.
begin;
select plan(31);

create temporary table actors (name text primary key, account text, guest boolean);
insert into actors values ('owner', 'pro', false), ('editor', 'pro', false), ('client', 'pro', false),
  ('boss', 'admin', false), ('stranger', 'pro', false);
create function pg_temp.id(p_name text) returns uuid language sql immutable as $$ select md5(p_name)::uuid $$;
create function pg_temp.become(p_actor text) returns void language plpgsql as $$
begin
  if p_actor is null then
    perform set_config('role', 'none', true), set_config('request.jwt.claims', '', true);
  elsif p_actor = 'service' then
    perform set_config('role', 'service_role', true),
      set_config('request.jwt.claims', '{"role": "service_role"}', true);
  else
    perform set_config('request.jwt.claims', (select jsonb_build_object('sub', pg_temp.id(name),
        'role', 'authenticated', 'app_metadata', jsonb_build_object('daw_role', account))::text
      from pg_temp.actors where name = p_actor), true);
    perform set_config('role', 'authenticated', true);
  end if;
end
$$;
-- Names are looked up by whoever acts.
do $$ begin
  execute format('grant usage on schema %s to authenticated, service_role', pg_my_temp_schema()::regnamespace);
end $$;
grant select on actors to authenticated, service_role;

insert into auth.users (id, email, is_anonymous, raw_app_meta_data, raw_user_meta_data)
select pg_temp.id(name), name || '@test.mixdown', guest, jsonb_build_object('daw_role', account),
  case name when 'editor' then '{"name": "  Ben Editor "}' else '{}' end::jsonb
from actors;
insert into public.daw_projects (id, owner_id, name) values (pg_temp.id('song'), pg_temp.id('owner'), 'Song');
insert into public.daw_project_members (project_id, user_id, role, created_at) values
  (pg_temp.id('song'), pg_temp.id('editor'), 'editor', now() + interval '1 s'),
  (pg_temp.id('song'), pg_temp.id('client'), 'client', now() + interval '2 s'),
  (pg_temp.id('song'), pg_temp.id('boss'), 'editor', now() + interval '3 s');
insert into public.daw_tracks (id, project_id, name, position)
values (pg_temp.id('track'), pg_temp.id('song'), 'Bass', 0);
insert into public.daw_plugins (id, project_id, track_id, position, catalog_id, version, integrity, params)
values (pg_temp.id('echo'), pg_temp.id('song'), pg_temp.id('track'), 0, 'test.echo', '1', 'x', '{"time": 1}');

-- Standing
select pg_temp.become('owner');
select is(daw_standing(pg_temp.id('song')), jsonb_build_object('role', 'owner', 'editable', true, 'name', 'owner',
  'color', 0, 'epoch', 1, 'seq', 0), 'the owner came first; without a name, the address says who it is');
select pg_temp.become('editor');
select is(daw_standing(pg_temp.id('song')) ->> 'name', 'Ben Editor', 'a name of one''s own counts');
select is((daw_standing(pg_temp.id('song')) ->> 'color')::integer, 1, 'colours follow the order of coming');
select pg_temp.become('client');
select is(daw_standing(pg_temp.id('song')) ->> 'editable', 'false', 'a client does not edit');
select is((daw_standing(pg_temp.id('song')) ->> 'color')::integer, 2, 'and has a colour all the same');
select pg_temp.become('boss');
select is(daw_standing(pg_temp.id('song')) ->> 'editable', 'false', 'an admin''s account does not edit');
select pg_temp.become('stranger');
select is(daw_standing(pg_temp.id('song')), null, 'who does not belong has no standing');

-- A write under a lock
select pg_temp.become('editor');
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-1', 12000), '{"ok": true, "fence": 1, "ttlMs": 12000, "n": 0}',
  'a new fence begins at frame 0');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 1, '{"time": 2}', pg_temp.id('op 1'), 4), 1::bigint,
  'a write takes the next number');
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-1', 12000) ->> 'n', '4', 'and the lock knows how far it is');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 1, '{"time": 9}', pg_temp.id('op 1'), 4), 1::bigint,
  'the same id again gives the same number');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 1, '{"time": 9}', gen_random_uuid(), 3), 1::bigint,
  'and so does a frame that is written already');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 1, '{"time": 3}'), 2::bigint,
  'without a frame''s number it is always a new write');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 1, '{"time": 5}', null, 5), 3::bigint,
  'and without an id it gets one');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 2, '{"time": 9}', gen_random_uuid(), 6), null::bigint,
  'another fence writes nothing');
select is(daw_write_params(pg_temp.id('echo'), 'tab-2', 1, '{"time": 9}', gen_random_uuid(), 6), null::bigint,
  'nor does another session');
select pg_temp.become('owner');
select is(daw_write_params(pg_temp.id('echo'), 'tab-1', 1, '{"time": 9}', gen_random_uuid(), 6), null::bigint,
  'nor another account with the same session');
select pg_temp.become(null);
select is(params, '{"time": 5}'::jsonb, 'the plugin has the last value') from daw_plugins where id = pg_temp.id('echo');
select results_eq($$ select seq, payload from daw_operations where project_id = pg_temp.id('song') order by seq $$,
  $$ values (1::bigint, jsonb_build_object('pluginId', pg_temp.id('echo'), 'patch', '{"params": {"time": 2}}'::jsonb,
      'fence', 1, 'n', 4)),
    (2::bigint, jsonb_build_object('pluginId', pg_temp.id('echo'), 'patch', '{"params": {"time": 3}}'::jsonb, 'fence', 1)),
    (3::bigint, jsonb_build_object('pluginId', pg_temp.id('echo'), 'patch', '{"params": {"time": 5}}'::jsonb,
      'fence', 1, 'n', 5)) $$,
  'the log says what was written, and nothing else');

-- Renewal by a node
select pg_temp.become('service');
select is_empty($$ select * from daw_renew_sessions(array['tab-1'], array[pg_temp.id('owner')], 12000) $$,
  'a session is that of its user');
select results_eq($$ select session_id, fence from daw_renew_sessions(array['tab-9', 'tab-1'],
    array[pg_temp.id('owner'), pg_temp.id('editor')], 12000) $$,
  $$ values ('tab-1', 1::bigint) $$, 'what is held is renewed, and told');
select pg_temp.become('editor');
select throws_ok($$ select * from daw_renew_sessions(array['tab-1'], array[pg_temp.id('editor')], 12000) $$, '42501',
  null, 'people do not renew for others');

-- Taking it away
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-7', 12000, true) -> 'refusal' ->> 'code', 'forbidden',
  'an editor does not take a lock away, not even from another tab');
select pg_temp.become('boss');
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-8', 12000) -> 'refusal' ->> 'code', 'not_found',
  'an admin holds nothing to edit it');
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-8', 12000, true) ->> 'fence', '2', 'but takes it from who does');
select is(daw_write_params(pg_temp.id('echo'), 'tab-8', 2, '{"time": 9}', gen_random_uuid(), 1), null::bigint,
  'and writes nothing under it');
select pg_temp.become('owner');
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-9', 12000, true), '{"ok": true, "fence": 3, "ttlMs": 12000, "n": 0}',
  'the owner takes it as well, and begins anew');
select is(daw_release_lock(pg_temp.id('echo'), 'tab-9', 3), true, 'and gives it back');

-- The right ends
select pg_temp.become('editor');
select is(daw_acquire_lock(pg_temp.id('echo'), 'tab-1', 12000) ->> 'fence', '4', 'the editor holds it again');
select pg_temp.become('owner');
update daw_project_members set role = 'client' where user_id = pg_temp.id('editor');
select pg_temp.become(null);
select is_empty('select from daw_plugin_locks', 'a client''s locks are gone');
update daw_project_members set role = 'editor' where user_id = pg_temp.id('editor');
select pg_temp.become('editor');
select daw_acquire_lock(pg_temp.id('echo'), 'tab-1', 12000);
select pg_temp.become('owner');
delete from daw_project_members where user_id = pg_temp.id('editor');
select pg_temp.become(null);
select is_empty('select from daw_plugin_locks', 'and so are those of who was removed');

select * from finish();
rollback;
