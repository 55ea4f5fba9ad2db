-- Rows stay in the project that they were made in: whoever tries, whichever column, and whichever way – out of somebody
-- else's project into one's own, out of one's own into somebody else's, and between two of one's own.
-- An answer is the number of rows that the statement touched, 'denied' (no right to the column, or a policy), or the
-- kind of constraint that stands in the way.
begin;

create temporary table actors (name text primary key, role text, account text);
insert into actors values
  ('anonymous', 'anon', null),
  ('stranger', 'authenticated', 'pro'),
  ('client', 'authenticated', 'pro'),
  ('editor', 'authenticated', 'pro'),
  ('owner', 'authenticated', 'pro'),
  ('admin', 'authenticated', 'admin'),
  ('service', 'service_role', null);

-- The same name always gives the same id.
create function pg_temp.id(p_kind text, p_of text) returns uuid language sql immutable as $$
  select md5(p_kind || ' ' || p_of)::uuid
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
  perform set_config('request.jwt.claims', case a.role
    when 'anon' then ''
    when 'service_role' then '{"role": "service_role"}'
    else jsonb_build_object('sub', pg_temp.id('user', a.name), 'role', a.role,
      'app_metadata', jsonb_build_object('daw_role', a.account))::text end, true);
  perform set_config('role', a.role, true);
end
$$;

-- Tries a statement as somebody and takes it back. Deferred constraints speak too.
create function pg_temp.attempt(p_actor text, p_statement text) returns text language plpgsql as $$
declare
  v_rows bigint;
  v_outcome text;
begin
  perform pg_temp.become(p_actor);
  begin
    execute p_statement;
    get diagnostics v_rows = row_count;
    set constraints all immediate;
    raise exception using errcode = 'TAP00', message = v_rows::text;
  exception
    when sqlstate 'TAP00' then v_outcome := sqlerrm;
    when insufficient_privilege then v_outcome := 'denied';
    when foreign_key_violation then v_outcome := 'foreign key';
    when unique_violation then v_outcome := 'unique';
  end;
  perform pg_temp.become(null);
  set constraints all deferred;
  return v_outcome;
end
$$;

insert into auth.users (id, email)
select pg_temp.id('user', name), name || '@moving.test' from actors;

-- The song is the owner's, with an editor and a client; everybody has two projects of their own besides, made as if
-- those without an account had one.
create temporary table projects (name text primary key, owner text);
insert into projects values ('song', 'owner');
insert into projects select 'first of ' || name, name from actors;
insert into projects select 'second of ' || name, name from actors;

insert into daw_projects (id, owner_id, name)
select pg_temp.id('project', name), pg_temp.id('user', owner), name from projects;
insert into daw_project_members (project_id, user_id, role) values
  (pg_temp.id('project', 'song'), pg_temp.id('user', 'editor'), 'editor'),
  (pg_temp.id('project', 'song'), pg_temp.id('user', 'client'), 'client');
-- Somebody in each project who may be moved.
insert into auth.users (id, email) values (pg_temp.id('user', 'guest star'), 'star@moving.test');
insert into daw_project_members (project_id, user_id, role)
select pg_temp.id('project', name), pg_temp.id('user', 'guest star'), 'client' from projects
where name = 'song' or name like 'first of%';
insert into daw_tracks (id, project_id, name, position)
select pg_temp.id('track', name), pg_temp.id('project', name), 'Bass', 0 from projects;
insert into daw_assets (id, project_id, name, channels, sample_rate, frames, source_format, source_sample_rate, bytes,
  sha256)
select pg_temp.id('asset', name), pg_temp.id('project', name), 'bass.wav', 2, 48000, 48000, 'wav', 48000, 384000, 'x'
from projects;
insert into daw_clips (id, project_id, track_id, asset_id, start_frame, length_frames)
select pg_temp.id('clip', name), pg_temp.id('project', name), pg_temp.id('track', name), pg_temp.id('asset', name), 0,
  48000 from projects;
insert into daw_plugins (id, project_id, track_id, position, catalog_id, version, integrity)
select pg_temp.id('plugin', name), pg_temp.id('project', name), pg_temp.id('track', name), 0, 'mixdown.delay', '1', 'x'
from projects;
insert into daw_plugin_locks (plugin_id, project_id, session_id, user_id, fence, expires_at)
select pg_temp.id('plugin', name), pg_temp.id('project', name), 'tab', pg_temp.id('user', owner), 1,
  now() + interval '1 hour' from projects;
insert into daw_operations (project_id, seq, op_id, kind, payload)
select pg_temp.id('project', name), case when name like 'second of%' then 2 else 1 end,
  pg_temp.id('operation', name), 'track.add', '{}' from projects;
insert into daw_exports (id, project_id, project_name, requested_by, fingerprint, snapshot, snapshot_seq, options)
select pg_temp.id('export', name), pg_temp.id('project', name), name, pg_temp.id('user', owner), 'f', '{}', 1, '{}'
from projects;
insert into daw_export_shares (id, export_id, project_id, user_id)
select pg_temp.id('share', name), pg_temp.id('export', name), pg_temp.id('project', name),
  pg_temp.id('user', 'guest star') from projects where name = 'song' or name like 'first of%';
insert into daw_admin_audit (admin_id, action, reason, export_id, project_id)
select pg_temp.id('user', 'admin'), 'export.claim', 'a look', pg_temp.id('export', name), pg_temp.id('project', name)
from projects;
set constraints all immediate;
set constraints all deferred;

-- One line for each set of columns that says to which project a row belongs. {from.x} and {to.x} are the ids of the
-- two projects' rows. `people` is what everybody with a token gets, 'denied' meaning that the column is nobody's to
-- set; where it differs from actor to actor it is null, and `exceptions` below says it. `service` is for the service.
create temporary table moves (relation text, columns text, statement text, people text, service text);
insert into moves values
  ('daw_projects', 'owner_id', 'update daw_projects set owner_id = (select owner_id from daw_projects
      where id = {to.project}) where id = {from.project}', 'denied', '1'),
  ('daw_project_members', 'project_id', 'update daw_project_members set project_id = {to.project}
      where project_id = {from.project} and role <> ''owner''', 'denied', null),
  ('daw_tracks', 'project_id', 'update daw_tracks set project_id = {to.project} where id = {from.track}',
    'denied', 'foreign key'),
  ('daw_assets', 'project_id', 'update daw_assets set project_id = {to.project} where id = {from.asset}',
    'denied', 'foreign key'),
  ('daw_clips', 'project_id', 'update daw_clips set project_id = {to.project} where id = {from.clip}',
    'denied', 'foreign key'),
  ('daw_clips', 'track_id', 'update daw_clips set track_id = {to.track} where id = {from.clip}', null,
    'foreign key'),
  ('daw_clips', 'asset_id', 'update daw_clips set asset_id = {to.asset} where id = {from.clip}', 'denied',
    'foreign key'),
  ('daw_clips', 'all', 'update daw_clips set project_id = {to.project}, track_id = {to.track},
      asset_id = {to.asset} where id = {from.clip}', 'denied', '1'),
  ('daw_plugins', 'project_id', 'update daw_plugins set project_id = {to.project} where id = {from.plugin}',
    'denied', 'foreign key'),
  ('daw_plugins', 'track_id', 'update daw_plugins set track_id = {to.track} where id = {from.plugin}', null,
    'foreign key'),
  ('daw_plugins', 'all', 'update daw_plugins set project_id = {to.project}, track_id = {to.track}, position = 1
      where id = {from.plugin}', 'denied', 'foreign key'),
  ('daw_plugin_locks', 'project_id', 'update daw_plugin_locks set project_id = {to.project}
      where plugin_id = {from.plugin}', 'denied', 'foreign key'),
  ('daw_plugin_locks', 'plugin_id', 'update daw_plugin_locks set plugin_id = {to.plugin}
      where plugin_id = {from.plugin}', 'denied', 'unique'),
  ('daw_operations', 'project_id', 'update daw_operations set project_id = {to.project}, seq = 9
      where project_id = {from.project}', 'denied', 'denied'),
  ('daw_exports', 'project_id', 'update daw_exports set project_id = {to.project} where id = {from.export}',
    'denied', 'foreign key'),
  ('daw_export_events', 'project_id', 'update daw_export_events set project_id = {to.project}
      where export_id = {from.export}', 'denied', 'denied'),
  ('daw_export_events', 'export_id', 'update daw_export_events set export_id = {to.export}
      where export_id = {from.export}', 'denied', 'denied'),
  ('daw_export_shares', 'project_id', 'update daw_export_shares set project_id = {to.project}
      where id = {from.share}', 'denied', null),
  ('daw_export_shares', 'export_id', 'update daw_export_shares set export_id = {to.export} where id = {from.share}',
    'denied', null),
  ('daw_admin_audit', 'project_id', 'update daw_admin_audit set project_id = {to.project}
      where project_id = {from.project}', 'denied', 'denied'),
  ('daw_admin_audit', 'export_id', 'update daw_admin_audit set export_id = {to.export}
      where export_id = {from.export}', 'denied', 'denied');

create temporary table ways (way text, "from" text, "to" text);
insert into ways values ('into their own', 'song', 'first'), ('out of their own', 'first', 'song'),
  ('between their own', 'first', 'second');

-- What is not the same for everybody. Clips and plugins may go to another track, which must be of the same project.
create temporary table exceptions (relation text, columns text, actor text, way text, expected text);
insert into exceptions
select relation, 'track_id', a.name, w.way, case
    when a.name = 'anonymous' then 'denied'
    -- A row that one may not edit is not touched at all.
    when w."from" = 'song' and a.name not in ('editor', 'owner') then '0'
    -- Admins review exports; with music they may do what a client may.
    when a.name = 'admin' then '0'
    else 'foreign key'
  end
from unnest(array['daw_clips', 'daw_plugins']) relation, actors a, ways w where a.name <> 'service';
insert into exceptions values
  ('daw_project_members', 'project_id', 'service', 'into their own', 'unique'),
  ('daw_project_members', 'project_id', 'service', 'out of their own', 'unique'),
  ('daw_project_members', 'project_id', 'service', 'between their own', '1'),
  ('daw_export_shares', 'project_id', 'service', 'into their own', 'foreign key'),
  ('daw_export_shares', 'project_id', 'service', 'out of their own', 'foreign key'),
  ('daw_export_shares', 'project_id', 'service', 'between their own', 'foreign key'),
  ('daw_export_shares', 'export_id', 'service', 'into their own', 'unique'),
  ('daw_export_shares', 'export_id', 'service', 'out of their own', 'unique'),
  ('daw_export_shares', 'export_id', 'service', 'between their own', 'foreign key');

create function pg_temp.filled(p_statement text, p_from text, p_to text) returns text language plpgsql as $$
declare
  v_kind text;
begin
  foreach v_kind in array array['project', 'track', 'asset', 'clip', 'plugin', 'export', 'share'] loop
    p_statement := replace(p_statement, format('{from.%s}', v_kind), quote_literal(pg_temp.id(v_kind, p_from)));
    p_statement := replace(p_statement, format('{to.%s}', v_kind), quote_literal(pg_temp.id(v_kind, p_to)));
  end loop;
  return p_statement;
end
$$;
create function pg_temp.project(p_name text, p_actor text) returns text language sql as $$
  select case p_name when 'song' then 'song' else p_name || ' of ' || p_actor end
$$;

select plan((select count(*)::integer from moves) * 7 * 3 + 3);

select is(
  pg_temp.attempt(a.name,
    pg_temp.filled(m.statement, pg_temp.project(w."from", a.name), pg_temp.project(w."to", a.name))),
  coalesce(e.expected, case when a.name = 'service' then m.service else m.people end, 'an expectation'),
  format('%s.%s: %s, %s', m.relation, m.columns, a.name, w.way))
from moves m
cross join actors a
cross join ways w
left join exceptions e
  on (e.relation, e.columns, e.actor, e.way) = (m.relation, m.columns, a.name, w.way)
order by m.relation, m.columns, a.name, w.way;

select results_eq(
  $$ select table_name::text collate "C", column_name::text collate "C" from information_schema.columns
     where table_schema = 'public' and column_name in ('owner_id', 'project_id', 'track_id', 'asset_id', 'plugin_id',
       'export_id')
     order by 1, 2 $$,
  $$ select relation collate "C", columns collate "C" from moves where columns <> 'all' order by 1, 2 $$,
  'every column that says to which project a row belongs is tried');
select is_empty(
  $$ select from information_schema.column_privileges where table_schema = 'public'
     and grantee in ('PUBLIC', 'anon', 'authenticated') and privilege_type = 'UPDATE'
     and column_name in ('id', 'owner_id', 'user_id', 'project_id', 'asset_id', 'plugin_id', 'export_id', 'seq',
       'fence', 'created_at', 'updated_at', 'storage_key', 'peaks_key', 'requested_by', 'shared_by', 'is_demo') $$,
  'no such column, nor a row''s identity, is anybody''s to update; of tracks alone the row''s own project decides');
select is(
  (select count(*)::integer from daw_plugins g join daw_tracks t on t.id = g.track_id
    where t.project_id <> g.project_id)
  + (select count(*)::integer from daw_clips c join daw_tracks t on t.id = c.track_id
    join daw_assets a on a.id = c.asset_id where t.project_id <> c.project_id or a.project_id <> c.project_id),
  0, 'and nothing has moved');

select * from finish();
rollback;
