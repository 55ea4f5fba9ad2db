-- Every function of ours × everybody: who may execute it, and what it says and does about somebody else's project.
--
-- A new function makes this file fail until `functions` below has a line for it. A line is:
--   signature  as regprocedure writes it, with its schema
--   rights     'nobody' (triggers, and what only other functions call), 'people' (anybody signed in), 'service', 'both'
--   definer    whether it is `security definer`
--   call       what is sent, by whoever has the right; {project}, {plugin}, {export}, {done}, {user} and {email} are of
--              a project that none of the actors belongs to. Null for 'nobody'.
--   expected   the answers for stranger, client, editor, owner, admin, service; who has no right gets 'denied' anyway
-- One that people call and that writes also has a line in `writes`.
-- An answer is 'denied', 'nothing' (no row), 'a row', 'n rows', 'refused: code', 'something' or a short
-- value as it is, another error's code; and ', changes' after it where any row of any table is not as before.
begin;

create temporary table functions (signature text primary key, rights text, definer boolean, call text, expected text[]);
insert into functions values
  -- Who somebody is, and what is theirs
  ('private.account_role()', 'both', false, 'private.account_role()', '{pro,pro,pro,pro,admin,null}'),
  ('private.is_service()', 'both', false, 'private.is_service()', '{false,false,false,false,false,true}'),
  ('private.is_admin()', 'both', false, 'private.is_admin()', '{false,false,false,false,true,false}'),
  ('private.my_projects()', 'both', true, 'private.my_projects()',
    '{nothing,something,something,something,nothing,nothing}'),
  ('private.my_editable_projects()', 'both', true, 'private.my_editable_projects()',
    '{nothing,nothing,something,something,nothing,nothing}'),
  ('private.my_owned_projects()', 'both', true, 'private.my_owned_projects()',
    '{nothing,nothing,nothing,something,nothing,nothing}'),
  ('private.my_studio_projects()', 'both', true, 'private.my_studio_projects()',
    '{nothing,nothing,something,something,nothing,nothing}'),
  ('private.my_shared_exports()', 'both', true, 'private.my_shared_exports()',
    '{nothing,something,something,something,nothing,nothing}'),
  ('private.may_edit(uuid)', 'both', false, 'private.may_edit({project})', '{false,false,false,false,false,true}'),

  -- Small things without rows
  ('private.iso(timestamp with time zone)', 'both', false, 'private.iso(now())',
    '{something,something,something,something,something,something}'),
  ('private.milliseconds_left(timestamp with time zone)', 'both', false,
    'private.milliseconds_left(now() - interval ''1 hour'')', '{0,0,0,0,0,0}'),
  ('private.refusal(text,text,jsonb)', 'both', false, 'private.refusal(''x'', ''y'', ''{}'')',
    '{refused: x,refused: x,refused: x,refused: x,refused: x,refused: x}'),
  ('private.export_may_become(text,text)', 'service', false, 'private.export_may_become(''queued'', ''completed'')',
    '{denied,denied,denied,denied,denied,false}'),
  ('private.backoff(integer)', 'nobody', false, null, null),
  ('private.acting(text,text)', 'nobody', false, null, null),
  ('private.setting(text,bigint)', 'nobody', true, null, null),
  ('public.set_setting(text,jsonb)', 'service', true, 'public.set_setting(''export_queued_per_user'', ''3'')',
    '{denied,denied,denied,denied,denied,"null, changes"}'),

  -- Triggers
  ('private.touch()', 'nobody', false, null, null),
  ('private.add_owner()', 'nobody', true, null, null),
  ('private.check_track_order()', 'nobody', true, null, null),
  ('private.check_chain_order()', 'nobody', true, null, null),
  ('private.name_asset_objects()', 'nobody', false, null, null),
  ('private.orphan_asset_objects()', 'nobody', true, null, null),
  ('private.orphan_export_objects()', 'nobody', true, null, null),
  ('private.guard_export()', 'nobody', true, null, null),
  ('private.guard_export_file()', 'nobody', false, null, null),
  ('private.refuse_other_export()', 'nobody', false, null, null),
  ('private.refuse_rewrite()', 'nobody', false, null, null),
  ('private.tell_lock()', 'nobody', false, null, null),
  ('private.tell_access(uuid,uuid,uuid)', 'nobody', false, null, null),
  ('private.tell_member_access()', 'nobody', true, null, null),
  ('private.tell_share_access()', 'nobody', true, null, null),
  ('private.guard_share()', 'nobody', true, null, null),

  -- Projects
  ('private.next_seq(uuid)', 'nobody', true, null, null),
  ('public.daw_append_operation(uuid,uuid,text,jsonb)', 'both', true,
    'public.daw_append_operation({project}, gen_random_uuid(), ''track.add'', ''{}'')',
    '{denied,denied,denied,denied,denied,"1, changes"}'),
  ('public.daw_list_members(uuid)', 'both', true, 'public.daw_list_members({project})',
    '{nothing,nothing,nothing,nothing,nothing,a row}'),
  -- Told to those who own a project and so may invite, whoever is asked for.
  ('public.daw_find_user(text)', 'both', true, 'public.daw_find_user({email})',
    '{null,null,null,something,null,something}'),
  ('public.daw_project_snapshot(uuid)', 'both', false, 'public.daw_project_snapshot({project})',
    '{null,null,null,null,null,something}'),
  -- There is no demo here.
  ('public.daw_copy_demo(text)', 'both', true, 'public.daw_copy_demo(''Mine'')',
    '{null,null,null,null,denied,denied}'),
  ('public.claim_orphaned_objects(integer)', 'service', true, 'public.claim_orphaned_objects(1)',
    '{denied,denied,denied,denied,denied,"a row, changes"}'),
  ('public.forget_orphaned_objects(bigint[])', 'service', true, 'public.forget_orphaned_objects(
      array(select generate_series(1, 10000)::bigint))', '{denied,denied,denied,denied,denied,"null, changes"}'),
  ('public.reap_operations()', 'service', true, 'public.reap_operations()', '{denied,denied,denied,denied,denied,0}'),
  ('public.reap_guests(interval)', 'service', true, 'public.reap_guests()', '{denied,denied,denied,denied,denied,0}'),

  -- Locks
  ('public.daw_acquire_lock(uuid,text,integer,boolean)', 'both', true,
    'public.daw_acquire_lock({plugin}, ''mine'', 1000, true)',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found}'),
  ('public.daw_renew_locks(text[],integer)', 'both', true, 'public.daw_renew_locks(array[''theirs''], 1000)',
    '{nothing,nothing,nothing,nothing,nothing,"a row, changes"}'),
  ('public.daw_release_lock(uuid,text,bigint)', 'both', true, 'public.daw_release_lock({plugin}, ''theirs'', 1)',
    '{false,false,false,false,false,"true, changes"}'),
  ('public.daw_project_locks(uuid)', 'both', false, 'public.daw_project_locks({project})',
    '{nothing,nothing,nothing,nothing,nothing,a row}'),
  ('public.daw_renew_sessions(text[],uuid[],integer)', 'service', true,
    'public.daw_renew_sessions(array[''theirs''], array[(select user_id from public.daw_plugin_locks where session_id = ''theirs'')], 1000)',
    '{denied,denied,denied,denied,denied,"a row, changes"}'),
  ('public.daw_standing(uuid)', 'people', true, 'public.daw_standing({project})', '{null,null,null,null,null,denied}'),
  ('private.drop_locks_of_member()', 'nobody', true, null, null),
  ('public.sweep_locks()', 'service', true, 'public.sweep_locks()', '{denied,denied,denied,denied,denied,nothing}'),
  -- Even the service writes with the rights of the claims beside the write: here there are none.
  ('public.daw_write_frames(jsonb)', 'service', true,
    'public.daw_write_frames(jsonb_build_array(jsonb_build_object(''pluginId'', {plugin}, ''session'', ''theirs'', ''fence'', 1, ''params'', ''{}''::jsonb, ''n'', 1)))',
    '{denied,denied,denied,denied,denied,[null]}'),
  ('public.daw_write_params(uuid,text,bigint,jsonb,uuid,integer)', 'both', true,
    'public.daw_write_params({plugin}, ''theirs'', 1, ''{"gain": 1}'')', '{null,null,null,null,null,"1, changes"}'),

  -- Exports, by people
  ('private.refuse_enqueue(uuid,uuid)', 'nobody', true, null, null),
  ('private.refuse_exporting(uuid,uuid)', 'nobody', true, null, null),
  ('private.replay_export(uuid,text,text)', 'nobody', true, null, null),
  ('private.refuse_over_quota(uuid)', 'nobody', true, null, null),
  ('private.lock_my_export(uuid)', 'nobody', true, null, null),
  ('public.daw_request_export(uuid,text,text,jsonb,jsonb)', 'people', true,
    'public.daw_request_export({project}, ''a-key-of-my-own-0001'', ''f'', ''{}'', ''{}'')',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),
  ('private.enqueue_export(uuid,text,text,jsonb,jsonb,json,text,bigint)', 'nobody', true, null, null),
  ('private.wait_for_queue(uuid)', 'nobody', false, null, null),
  ('private.refuse_export_size(jsonb,jsonb,jsonb)', 'nobody', false, null, null),
  ('public.cancel_export(uuid)', 'people', true, 'public.cancel_export({export})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),
  ('public.retry_export(uuid)', 'people', true, 'public.retry_export({export})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),
  ('public.daw_export_download(uuid)', 'both', false, 'public.daw_export_download({done})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,something}'),
  ('public.daw_export_peaks(uuid)', 'people', true, 'public.daw_export_peaks({done})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),
  ('public.daw_export_version(uuid)', 'people', true, 'public.daw_export_version({done})',
    '{null,null,null,null,null,denied}'),
  ('public.daw_export_shared_by(uuid)', 'people', true, 'public.daw_export_shared_by({done})',
    '{null,null,null,null,null,denied}'),
  ('private.refuse_sharing(uuid)', 'nobody', true, null, null),
  ('private.share_json(daw_export_shares)', 'nobody', true, null, null),
  ('public.daw_share_export(uuid,uuid,text)', 'people', true,
    'public.daw_share_export({done}, p_email => {email})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),
  ('public.daw_list_shares(uuid)', 'people', true, 'public.daw_list_shares({done})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),
  ('public.daw_unshare_export(uuid,uuid)', 'people', true, 'public.daw_unshare_export({done})',
    '{refused: not_found,refused: not_found,refused: not_found,refused: not_found,refused: not_found,denied}'),

  -- Exports, by workers
  ('private.end_lease(uuid,bigint,text,text,text,jsonb,interval,boolean)', 'nobody', true, null, null),
  ('public.claim_export(text,integer,integer,integer)', 'service', true, 'public.claim_export(''w'', 4, 4, 30)',
    '{denied,denied,denied,denied,denied,"a row, changes"}'),
  -- Without the lease nothing happens, whoever calls.
  ('public.heartbeat_export(uuid,bigint,integer,jsonb)', 'service', true,
    'public.heartbeat_export({export}, 99, 30, null)', '{denied,denied,denied,denied,denied,something}'),
  ('public.advance_export(uuid,bigint,text)', 'service', true, 'public.advance_export({export}, 99, ''encoding'')',
    '{denied,denied,denied,denied,denied,false}'),
  ('public.complete_export(uuid,bigint,jsonb,text)', 'service', true,
    'public.complete_export({export}, 99, ''{}'', ''x'')', '{denied,denied,denied,denied,denied,false}'),
  ('public.store_export_peaks(uuid,bigint,jsonb)', 'service', true,
    'public.store_export_peaks({export}, 99, ''{}'')', '{denied,denied,denied,denied,denied,false}'),
  ('private.is_reusable(daw_exports)', 'nobody', false, null, null),
  ('public.find_reusable_export(uuid,bigint,text)', 'service', true,
    'public.find_reusable_export({export}, 99, repeat(''0'', 64))', '{denied,denied,denied,denied,denied,null}'),
  ('public.reuse_export(uuid,bigint,uuid,jsonb,text)', 'service', true,
    'public.reuse_export({export}, 99, {done}, ''{}'', ''x'')', '{denied,denied,denied,denied,denied,null}'),
  ('public.fail_export(uuid,bigint,text,text,boolean)', 'service', true,
    'public.fail_export({export}, 99, ''x'', ''y'', true)', '{denied,denied,denied,denied,denied,null}'),
  ('public.release_export(uuid,bigint)', 'service', true, 'public.release_export({export}, 99)',
    '{denied,denied,denied,denied,denied,null}'),
  ('public.reap_exports()', 'service', true, 'public.reap_exports()', '{denied,denied,denied,denied,denied,0}'),

  -- Review
  ('private.audit(text,text,uuid,uuid,uuid,jsonb)', 'nobody', true, null, null),
  ('private.export_for_admin(uuid)', 'nobody', true, null, null),
  ('private.reviewed(uuid)', 'nobody', true, null, null),
  ('public.admin_review_export(uuid,text,text)', 'people', true,
    'public.admin_review_export({export}, ''quarantine'', ''a reason'')',
    '{refused: forbidden,refused: forbidden,refused: forbidden,refused: forbidden,"something, changes",denied}'),
  ('public.admin_suspend_user(uuid,text)', 'people', true, 'public.admin_suspend_user({user}, ''a reason'')',
    '{refused: forbidden,refused: forbidden,refused: forbidden,refused: forbidden,"something, changes",denied}'),
  ('public.admin_reinstate_user(uuid,text)', 'people', true, 'public.admin_reinstate_user({user}, ''a reason'')',
    '{refused: forbidden,refused: forbidden,refused: forbidden,refused: forbidden,"something, changes",denied}'),
  ('public.admin_reveal_export(uuid,text)', 'people', true, 'public.admin_reveal_export({done}, ''a reason'')',
    '{refused: forbidden,refused: forbidden,refused: forbidden,refused: forbidden,"something, changes",denied}'),
  ('public.admin_list_exports(uuid,text,timestamp with time zone,integer,boolean,uuid)', 'people', true,
    'public.admin_list_exports({user})', '{nothing,nothing,nothing,nothing,2 rows,denied}'),
  ('public.admin_export_totals(uuid[])', 'people', true, 'public.admin_export_totals(array[{user}::uuid])',
    '{nothing,nothing,nothing,nothing,a row,denied}'),
  ('public.admin_list_audit(uuid,text,uuid,uuid,timestamp with time zone,bigint,integer)', 'people', true,
    'public.admin_list_audit()', '{nothing,nothing,nothing,nothing,a row,denied}');

-- ------------------------------------------------------------------------------------------------- the cast

create temporary table actors (n integer, name text primary key, role text, account text);
insert into actors values
  (0, 'anonymous', 'anon', null),
  (1, 'stranger', 'authenticated', 'pro'),
  (2, 'client', 'authenticated', 'pro'),
  (3, 'editor', 'authenticated', 'pro'),
  (4, 'owner', 'authenticated', 'pro'),
  (5, 'admin', 'authenticated', 'admin'),
  (6, 'service', 'service_role', null);

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

-- Everything that there is, as one value.
create function pg_temp.state() returns text language plpgsql as $$
declare
  v_table regclass;
  v_one text;
  v_all text := '';
begin
  for v_table in
    select oid from pg_class where relkind = 'r' and (relnamespace in ('public'::regnamespace, 'private'::regnamespace)
      or oid = 'auth.users'::regclass) order by oid
  loop
    execute format('select md5(coalesce(string_agg(t::text, '' '' order by t::text), '''')) from %s t', v_table)
    into v_one;
    v_all := v_all || v_one;
  end loop;
  return md5(v_all);
end
$$;

-- What a call answers and whether anything is different after it. It is taken back.
create function pg_temp.attempt(p_actor text, p_call text) returns text language plpgsql as $$
declare
  v_rows bigint;
  v_first jsonb;
  v_outcome text;
begin
  perform pg_temp.become(p_actor);
  begin
    execute format('select count(*), to_jsonb((array_agg(r))[1]) from (select * from %s) r', p_call)
    into v_rows, v_first;
    perform pg_temp.become(null);
    if v_rows = 0 then
      v_outcome := 'nothing';
    elsif v_rows > 1 then
      v_outcome := v_rows || ' rows';
    elsif (select count(*) from jsonb_object_keys(v_first)) > 1 then
      v_outcome := 'a row';
    else
      select coalesce(value, 'null') into v_outcome from jsonb_each_text(v_first);
      v_outcome := case
        when v_outcome like '{%"refusal"%' then 'refused: ' || (v_outcome::jsonb -> 'refusal' ->> 'code')
        when length(v_outcome) > 10 then 'something'
        else v_outcome
      end;
    end if;
    if pg_temp.state() <> current_setting('mixdown.state_before') then
      v_outcome := v_outcome || ', changes';
    end if;
    raise exception using errcode = 'TAP00', message = v_outcome;
  exception
    when sqlstate 'TAP00' then v_outcome := sqlerrm;
    when insufficient_privilege then v_outcome := 'denied';
    when others then v_outcome := sqlstate;
  end;
  perform pg_temp.become(null);
  return v_outcome;
end
$$;

-- The song has an owner, an editor and a client; 'theirs' belongs to somebody else altogether.
insert into auth.users (id, email)
select pg_temp.id('user', name), name || '@functions.test' from actors where role = 'authenticated';
insert into auth.users (id, email) values (pg_temp.id('user', 'somebody'), 'somebody@functions.test');
insert into daw_projects (id, owner_id, name) values
  (pg_temp.id('project', 'song'), pg_temp.id('user', 'owner'), 'Song'),
  (pg_temp.id('project', 'theirs'), pg_temp.id('user', 'somebody'), 'Theirs');
insert into daw_project_members (project_id, user_id, role) values
  (pg_temp.id('project', 'song'), pg_temp.id('user', 'editor'), 'editor'),
  (pg_temp.id('project', 'song'), pg_temp.id('user', 'client'), 'client');
insert into daw_tracks (id, project_id, name, position)
select pg_temp.id('track', p), pg_temp.id('project', p), 'Bass', 0 from unnest(array['song', 'theirs']) p;
insert into daw_plugins (id, project_id, track_id, position, catalog_id, version, integrity, fence)
select pg_temp.id('plugin', p), pg_temp.id('project', p), pg_temp.id('track', p), 0, 'mixdown.delay', '1', 'x', 1
from unnest(array['song', 'theirs']) p;
insert into daw_plugin_locks (plugin_id, project_id, session_id, user_id, fence, expires_at)
select pg_temp.id('plugin', p), pg_temp.id('project', p), p, pg_temp.id('user', u), 1,
  now() + interval '1 hour' from (values ('song', 'owner'), ('theirs', 'somebody')) l (p, u);
insert into daw_exports (id, project_id, project_name, requested_by, fingerprint, snapshot, snapshot_seq, options,
  available_at)
select pg_temp.id(kind, p), pg_temp.id('project', p), p, pg_temp.id('user', u), 'f', '{}', 1, '{}',
  case when p = 'song' then 'infinity' else now() end
from (values ('song', 'owner'), ('theirs', 'somebody')) l (p, u), unnest(array['export', 'done']) kind;
-- One of the two is finished, and shared with every client.
update daw_exports set status = 'rendering', lease_expires_at = now() + interval '1 hour', attempt = 1
where id in (pg_temp.id('done', 'song'), pg_temp.id('done', 'theirs'));
update daw_exports set status = 'encoding' where status = 'rendering';
update daw_exports set status = 'uploading' where status = 'encoding';
update daw_exports set status = 'completed', lease_expires_at = null, result = '{"fileName": "x.wav"}',
  object_key = 'exports/x', completed_at = now(), expires_at = now() + interval '1 day' where status = 'uploading';
insert into daw_export_shares (export_id, project_id)
select pg_temp.id('done', p), pg_temp.id('project', p) from unnest(array['song', 'theirs']) p;
insert into daw_admin_audit (admin_id, action, reason, user_id)
values (pg_temp.id('user', 'admin'), 'user.suspend', 'a look', pg_temp.id('user', 'somebody'));
insert into private.orphaned_objects (key, is_prefix) values ('exports/gone', true);
set constraints all immediate;
select set_config('mixdown.state_before', pg_temp.state(), true);

create function pg_temp.filled(p_call text) returns text language sql as $$
  select replace(replace(replace(replace(replace(replace(p_call,
    '{project}', quote_literal(pg_temp.id('project', 'theirs'))), '{plugin}', quote_literal(pg_temp.id('plugin', 'theirs'))),
    '{export}', quote_literal(pg_temp.id('export', 'theirs'))), '{done}', quote_literal(pg_temp.id('done', 'theirs'))),
    '{user}', quote_literal(pg_temp.id('user', 'somebody'))), '{email}', quote_literal('somebody@functions.test'))
$$;

-- Ours are those of the two schemas that no extension brought.
create temporary view ours as
select p.oid as f, p.prosecdef, p.proconfig, p.proacl, p.proowner, p.prosqlbody, p.proretset, p.proargtypes,
  p.pronamespace::regnamespace || '.' || regexp_replace(p.oid::regprocedure::text, '^(public|private)\.', '') as signature
from pg_proc p
where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
  and not exists (select from pg_depend d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e');

-- What writes, with arguments that are right: whoever may not, may not with nulls among them either.
create temporary table writes (function text primary key, arguments text[]);
insert into writes values
  ('daw_append_operation', array['{project}', 'gen_random_uuid()', '''x''', '''{}''::jsonb']),
  ('daw_acquire_lock', array['{plugin}', '''mine''', '1000', 'true']),
  ('daw_renew_locks', array['array[''song'']', '1000']),
  ('daw_release_lock', array['{plugin}', '''song''', '1']),
  ('daw_write_params', array['{plugin}', '''song''', '1', '''{"gain": 1}''::jsonb', 'gen_random_uuid()']),
  ('daw_request_export', array['{project}', '''a-key-of-my-own-0001''', '''f''', '''{}''::jsonb', '''{}''::jsonb']),
  ('daw_copy_demo', array['''Mine''']),
  ('cancel_export', array['{export}']),
  ('retry_export', array['{export}']),
  ('daw_share_export', array['{done}', 'null', '''somebody@functions.test''']),
  ('daw_unshare_export', array['{done}', 'md5(''user somebody'')::uuid']),
  ('admin_review_export', array['{export}', '''revoke''', '''a reason''']),
  ('admin_suspend_user', array['md5(''user owner'')::uuid', '''a reason''']),
  ('admin_reinstate_user', array['md5(''user owner'')::uuid', '''a reason''']),
  ('admin_reveal_export', array['{done}', '''a reason''']);

-- A call of what one has no right to, with nulls for arguments; in a form that triggers' functions can be named in too.
create function pg_temp.bare_call(p_signature text) returns text language sql as $$
  select format(case when proretset then '%s(%s)' else '(select where %s(%s) is null) x' end,
    split_part(signature, '(', 1),
    (select string_agg('null::' || format_type(t, null), ', ' order by n)
      from unnest(proargtypes::oid[]) with ordinality a (t, n)))
  from pg_temp.ours where signature = p_signature
$$;

select plan((select count(*)::integer from functions) * (2 + 7) + 2 + 9 + 8
  + (select count(*)::integer from writes) + 1);

-- ---------------------------------------------------------------------------------------------- the catalogue

select is(
  (select string_agg(signature, ', ' order by signature) from ours
    where signature not in (select signature from functions)),
  null, 'every function has an expectation');
select is(
  (select string_agg(signature, ', ' order by signature) from functions
    where signature not in (select signature from ours)),
  null, 'every expectation has its function');

select is(
  (select case
      when has_function_privilege('anon', f, 'execute') then 'anonymous'
      when has_function_privilege('authenticated', f, 'execute')
        then case when has_function_privilege('service_role', f, 'execute') then 'both' else 'people' end
      when has_function_privilege('service_role', f, 'execute') then 'service'
      else 'nobody'
    end from ours o where o.signature = e.signature),
  e.rights, format('%s is for %s to call', e.signature, e.rights))
from functions e order by e.signature;
select is((select prosecdef from ours o where o.signature = e.signature), e.definer,
  format('%s has the rights of its %s', e.signature, case when e.definer then 'owner' else 'caller' end))
from functions e order by e.signature;

select is_empty($$ select from pg_temp.ours where prosecdef
    and not coalesce(proconfig, '{}') @> array['search_path=""'] $$,
  'every definer function pins an empty search path');
select is_empty($$ select from pg_temp.ours where prosqlbody is null
    and not coalesce(proconfig, '{}') @> array['search_path=""'] $$,
  'and so does every other whose names are looked up when it runs');
select is_empty($$ select from pg_temp.ours
    where proowner <> (select relowner from pg_class where oid = 'public.daw_projects'::regclass) $$,
  'functions belong to whom the tables belong');
select is_empty($$ select from pg_class where relnamespace in ('public'::regnamespace, 'private'::regnamespace)
    and relkind in ('r', 'v', 'S') and pg_get_userbyid(relowner) in
      ('anon', 'authenticated', 'service_role', 'authenticator') $$,
  'which is none of the roles of the API');
select is_empty($$ select from pg_temp.ours o
    cross join aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 $$,
  'no function is everybody''s');
select is_empty($$ select from pg_class c
    cross join aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) a
    where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'v', 'S')
    and a.grantee in (0, 'anon'::regrole) $$,
  'no table, view or sequence is everybody''s or granted to those without a token');
select is_empty($$ select from pg_attribute t cross join aclexplode(t.attacl) a
    where t.attrelid in (select oid from pg_class
      where relnamespace in ('public'::regnamespace, 'private'::regnamespace))
    and a.grantee in (0, 'anon'::regrole) $$,
  'nor is a column');
select is_empty($$ select from pg_class c cross join aclexplode(c.relacl) a
    where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
    and a.grantee in ('authenticated'::regrole, 'service_role'::regrole)
    and (a.is_grantable or c.relnamespace = 'private'::regnamespace or c.relkind = 'S'
      or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
      or (a.grantee = 'authenticated'::regrole and a.privilege_type in ('INSERT', 'UPDATE'))) $$,
  'what Supabase grants on new tables is taken back: people write columns, private tables are nobody''s');
select is_empty($$ select from pg_temp.ours o cross join aclexplode(o.proacl) a where a.is_grantable
    and a.grantee <> o.proowner $$,
  'nobody passes a function on');

-- ---------------------------------------------------------------------------------------- calling every one

select is(
  pg_temp.attempt(a.name, coalesce(case
    when a.name = 'anonymous' or (a.name = 'service' and f.rights = 'people')
      or (a.name <> 'service' and f.rights = 'service') then pg_temp.bare_call(f.signature)
    else pg_temp.filled(f.call) end, pg_temp.bare_call(f.signature), 'pg_temp.no_such_function()')),
  case when a.name = 'anonymous' or f.rights = 'nobody' then 'denied' else coalesce(f.expected[a.n], 'null') end,
  format('%s: %s', f.signature, a.name))
from functions f cross join actors a
order by f.signature, a.n;

-- ----------------------------------------------------------------------- in a project that one does belong to

create function pg_temp.song(p_call text) returns text language sql as $$
  select replace(replace(replace(replace(p_call, '{project}', quote_literal(pg_temp.id('project', 'song'))),
    '{plugin}', quote_literal(pg_temp.id('plugin', 'song'))), '{done}', quote_literal(pg_temp.id('done', 'song'))),
    '{export}', quote_literal(pg_temp.id('export', 'song')))
$$;

-- A null is neither true nor false: it must not pass where either would not.
select is(pg_temp.attempt('editor', pg_temp.song('daw_acquire_lock({plugin}, ''mine'', 1000, true)')),
  'refused: forbidden', 'an editor does not take over a lock');
select is(pg_temp.attempt('editor', pg_temp.song('(select daw_acquire_lock({plugin}, ''mine'', 1000, null) -> ''ok'') l')),
  'false', 'nor by leaving open whether they do');
select is(pg_temp.attempt('owner', pg_temp.song('(select daw_acquire_lock({plugin}, ''other'', 1000, true) -> ''ok'') l')),
  'true, changes', 'the owner does');
select is(pg_temp.attempt('client', pg_temp.song('daw_unshare_export({done})')), 'refused: forbidden',
  'a client who was shown an export does not take it from all the others');
select is(pg_temp.attempt('editor', pg_temp.song('daw_unshare_export({done})')), 'something, changes', 'an editor may');
select is(pg_temp.attempt('client', pg_temp.song('daw_project_snapshot({project})')), 'something',
  'a client reads the project');
select is(pg_temp.attempt('client', pg_temp.song('daw_append_operation({project}, gen_random_uuid(), ''x'', ''{}'')')),
  'denied', 'and writes nothing');
select is(pg_temp.attempt('client', pg_temp.song('daw_write_params({plugin}, ''song'', 1, ''{"gain": 1}'')')),
  'null', 'not under somebody else''s lock either');

select is(
  (select string_agg(a.name || ': ' || c.call, E'\n')
    from unnest(array['stranger', 'client']) a (name),
      generate_series(0, (1 << cardinality(w.arguments)) - 1) mask,
      lateral (select format('%s(%s)', w.function, string_agg(
        case when (mask >> (n::integer - 1)) & 1 = 1 then 'null' else argument end, ', ' order by n)) as call
        from unnest(w.arguments) with ordinality u (argument, n)) c
    where pg_temp.attempt(a.name, pg_temp.song(c.call)) like '%changes'),
  null, format('whatever is null: %s changes nothing for those who may not', w.function))
from writes w order by w.function;
select is(
  (select string_agg(f.signature, ', ' order by f.signature) from functions f
    where f.rights in ('people', 'both') and f.signature like 'public.%'
    and (select provolatile from pg_proc where oid = f.signature::regprocedure) = 'v'
    and f.signature not like all (select 'public.' || function || '(%' from writes)
    -- Volatile for the clock's sake: it only reads.
    and f.signature <> 'public.daw_project_locks(uuid)'),
  null, 'those are all the functions of people that may write');

select * from finish();
rollback;
