-- What the matrix does not show: guests and their copy, shares, column rights, function rights, account roles.
begin;
select plan(47);

create function pg_temp.become(p_user uuid, p_account text default 'pro', p_guest boolean default false)
returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', p_user, 'role', 'authenticated',
      'is_anonymous', p_guest, 'app_metadata', jsonb_strip_nulls(jsonb_build_object('daw_role', p_account)))::text, true),
    set_config('role', 'authenticated', true)
$$;
create function pg_temp.become_nobody() returns void language sql as $$
  select set_config('request.jwt.claims', '', true), set_config('role', 'none', true)
$$;

-- owner 1, client 2, stranger 3, guest 4, client account 5, editor 6
insert into auth.users (id, email, is_anonymous)
select format('00000000-0000-4000-8000-00000000000%s', n)::uuid, case when n <> 4 then n || '@roles.test' end, n = 4
from generate_series(1, 6) n;

insert into daw_projects (id, owner_id, name, is_demo)
values ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001', 'Demo', true);
insert into daw_project_members (project_id, user_id, role) values
  ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'client'),
  ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000006', 'editor');
insert into daw_tracks (id, project_id, name, position, gain_db) values
  ('10000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'Bass', 0, -3),
  ('10000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'Lead', 1, 0);
insert into daw_assets (id, project_id, name, channels, sample_rate, frames, source_format, source_sample_rate,
  bytes, sha256)
values ('10000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'bass', 2, 48000, 48000,
  'generated', 48000, 384000, 'x');
insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames)
values ('10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
  '10000000-0000-4000-8000-000000000004', 480, 48000);
insert into daw_plugins (project_id, track_id, position, catalog_id, version, integrity, params, state)
values ('10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002', 0, 'mixdown.delay', '1', 'x',
    '{"time": 250.5}', 'AAEC'),
  ('10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002', 1, 'mixdown.gone', '1', 'x',
    '{}', null);
insert into daw_exports (id, project_id, project_name, requested_by, fingerprint, snapshot, snapshot_seq, options)
select format('20000000-0000-4000-8000-00000000000%s', n)::uuid, '10000000-0000-4000-8000-000000000001', 'Demo',
  '00000000-0000-4000-8000-000000000001', 'f', '{}', 1, '{}' from generate_series(1, 2) n;

-- Account roles
select is(private.account_role(), null, 'without a token there is no account role');
select pg_temp.become('00000000-0000-4000-8000-000000000001');
select is(private.account_role(), 'pro', 'pro by app_metadata');
select pg_temp.become('00000000-0000-4000-8000-000000000001', null);
select is(private.account_role(), 'client', 'an account that the service has not decided about may do least');
select pg_temp.become('00000000-0000-4000-8000-000000000001', 'superuser');
select is(private.account_role(), 'client', 'nor do unknown roles help');
select pg_temp.become('00000000-0000-4000-8000-000000000004', 'pro', true);
select is(private.account_role(), 'guest', 'an anonymous sign-in is a guest, whatever else its token says');

-- A guest: a copy of the demo of their own to play and edit; no upload, no export, no invitations
select isnt(daw_copy_demo('Try it'), null, 'a guest copies the demo');
select is(daw_copy_demo('Again'), (select id from daw_projects), 'and gets the same copy when asking again');
select results_eq('select name, owner_id, is_demo, seq, sample_rate from daw_projects',
  $$ values ('Try it', '00000000-0000-4000-8000-000000000004'::uuid, false, 0::bigint, 48000) $$, 'the copy is theirs');
select results_eq('select name, position, gain_db from daw_tracks order by position',
  $$ values ('Bass', 0, -3::double precision), ('Lead', 1, 0) $$, 'with the tracks');
select results_eq('select storage_key, peaks_key from daw_assets',
  $$ values ('assets/10000000-0000-4000-8000-000000000004/audio.f32',
    'assets/10000000-0000-4000-8000-000000000004/peaks.json') $$, 'the audio objects are shared');
select results_eq('select t.name, c.start_frame, a.name from daw_clips c join daw_tracks t on t.id = c.track_id
    join daw_assets a on a.id = c.asset_id',
  $$ values ('Bass', 480::bigint, 'bass') $$, 'clips are on the copied tracks, with the copied assets');
select results_eq('select t.name, g.position, g.catalog_id, g.params, g.state from daw_plugins g
    join daw_tracks t on t.id = g.track_id order by 2',
  $$ values ('Bass', 0, 'mixdown.delay', '{"time": 250.5}'::jsonb, 'AAEC'), ('Bass', 1, 'mixdown.gone', '{}', null) $$,
  'and the chains, the missing plugin too');
select lives_ok($$ update daw_tracks set gain_db = -6 $$, 'a guest edits');
select is((select gain_db from daw_tracks limit 1), -6::double precision, 'and it sticks');
select isnt(daw_append_operation((select id from daw_projects), gen_random_uuid(), 'track.update', '{}'), null,
  'a guest writes to the log of their copy');
select throws_ok(format($$ insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format,
    source_sample_rate, bytes, sha256) values (%L, 'x', 1, 48000, 1, 'wav', 48000, 4, 'x') $$,
  (select id from daw_projects)), '42501', null, 'a guest does not upload');
select is(daw_request_export((select id from daw_projects), 'guest-key-0123456789', 'f', '{}', '{}') -> 'refusal' ->> 'code',
  'guest_not_allowed', 'a guest does not export');
select throws_ok($$ insert into daw_projects (name) values ('Second') $$, '42501', null, 'a guest makes no other project');
select throws_ok(format($$ insert into daw_project_members (project_id, user_id, role)
    values (%L, '00000000-0000-4000-8000-000000000003', 'editor') $$, (select id from daw_projects)), '42501', null,
  'a guest invites nobody');
select is(daw_find_user('1@roles.test'), null, 'a guest learns nobody''s account');
select pg_temp.become('00000000-0000-4000-8000-000000000005', 'client');
select throws_ok($$ select daw_copy_demo('Mine') $$, '42501', null, 'a client copies nothing');

-- Shares
select pg_temp.become('00000000-0000-4000-8000-000000000006');
select lives_ok($$ insert into daw_export_shares (export_id, project_id, user_id) values
    ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000005') $$,
  'an editor shares an export with somebody outside of the project');
select results_eq('select shared_by from daw_export_shares', $$ values ('00000000-0000-4000-8000-000000000006'::uuid) $$,
  'and is on record as the one who did');
select throws_ok($$ insert into daw_export_shares (export_id, project_id, user_id) values
    ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000005') $$,
  '23505', null, 'nobody is shared with twice');
select pg_temp.become('00000000-0000-4000-8000-000000000005', 'client');
select results_eq('select id from daw_exports', $$ values ('20000000-0000-4000-8000-000000000001'::uuid) $$,
  'the one shared with sees that export');
select is((select count(*) from daw_export_events), 1::bigint, 'and its events');
select is((select count(*) from daw_projects) + (select count(*) from daw_tracks), 0::bigint, 'and nothing of the project');
select pg_temp.become('00000000-0000-4000-8000-000000000002', 'client');
select is_empty('select from daw_exports', 'a client of the project does not see what is shared with another');
select pg_temp.become('00000000-0000-4000-8000-000000000001');
select lives_ok($$ insert into daw_export_shares (export_id, project_id) values
    ('20000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001') $$,
  'the owner shares an export with every client of the project');
select throws_ok($$ insert into daw_export_shares (export_id, project_id) values
    ('20000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001') $$,
  '23505', null, 'that too only once');
select pg_temp.become('00000000-0000-4000-8000-000000000002', 'client');
select results_eq('select id from daw_exports', $$ values ('20000000-0000-4000-8000-000000000002'::uuid) $$,
  'a client of the project sees it');
select pg_temp.become('00000000-0000-4000-8000-000000000003');
select is_empty('select from daw_exports', 'a stranger does not');
select is(cancel_export('20000000-0000-4000-8000-000000000002') -> 'refusal' ->> 'code', 'not_found', 'nor cancels it');
select pg_temp.become('00000000-0000-4000-8000-000000000002', 'client');
select is(cancel_export('20000000-0000-4000-8000-000000000002') -> 'refusal' ->> 'code', 'not_found',
  'neither does the client who sees it');
select is(daw_request_export('10000000-0000-4000-8000-000000000001', 'client-key-0123456789', 'f', '{}', '{}')
  -> 'refusal' ->> 'code', 'forbidden', 'a client does not export');

-- Columns that people do not set
select pg_temp.become('00000000-0000-4000-8000-000000000001');
select throws_ok('update daw_projects set seq = 9', '42501', null, 'nobody sets the seq');
select throws_ok('update daw_projects set is_demo = false', '42501', null, 'or makes and unmakes the demo');
select throws_ok('update daw_plugins set fence = 9', '42501', null, 'or the fence');
select throws_ok('update daw_plugins set project_id = gen_random_uuid()', '42501', null, 'or moves a plugin to another project');
select throws_ok($$ insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format,
    source_sample_rate, bytes, sha256, storage_key) values ('10000000-0000-4000-8000-000000000001', 'x', 1, 48000, 1,
    'wav', 48000, 4, 'x', 'assets/somebody-elses/audio.f32') $$, '42501', null, 'or names somebody else''s audio');
select throws_ok('select snapshot from daw_exports', '42501', null, 'or reads the session behind an export');
select throws_ok('select lease_token from daw_exports', '42501', null, 'or a worker''s lease');
select throws_ok($$ insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames)
  select '10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002', gen_random_uuid(), 0, 1;
  set constraints all immediate $$, '23503', null, 'clips name audio of their own project');

-- Functions
select pg_temp.become_nobody();
select results_eq($$
  select p.proname::text collate "C" from pg_proc p where p.pronamespace = 'public'::regnamespace
    and has_function_privilege('anon', p.oid, 'execute') $$,
  $$ select ''::text where false $$, 'without a token there is no function to call');
select results_eq($$
  select p.proname::text collate "C" from pg_proc p where p.pronamespace = 'public'::regnamespace
    and has_function_privilege('authenticated', p.oid, 'execute') order by 1 $$,
  $$ values ('admin_export_totals'::text collate "C"), ('admin_list_audit'), ('admin_list_exports'),
    ('admin_reinstate_user'), ('admin_reveal_export'), ('admin_review_export'), ('admin_suspend_user'),
    ('cancel_export'), ('daw_acquire_lock'), ('daw_append_operation'), ('daw_copy_demo'), ('daw_export_download'),
    ('daw_export_peaks'), ('daw_export_shared_by'), ('daw_export_version'),
    ('daw_find_user'), ('daw_list_members'), ('daw_list_shares'), ('daw_project_locks'), ('daw_project_snapshot'),
    ('daw_release_lock'), ('daw_renew_locks'), ('daw_request_export'), ('daw_share_export'), ('daw_standing'),
    ('daw_unshare_export'), ('daw_write_params'), ('retry_export') $$,
  'users call what is meant for them');
select results_eq($$
  select p.proname::text collate "C" from pg_proc p where p.pronamespace = 'public'::regnamespace
    and has_function_privilege('service_role', p.oid, 'execute')
    and not has_function_privilege('authenticated', p.oid, 'execute') order by 1 $$,
  $$ values ('advance_export'::text collate "C"), ('claim_export'), ('claim_orphaned_objects'), ('complete_export'),
    ('daw_renew_sessions'), ('daw_write_frames'), ('fail_export'), ('find_reusable_export'), ('forget_orphaned_objects'), ('heartbeat_export'), ('reap_exports'), ('reap_guests'),
    ('reap_operations'), ('release_export'), ('reuse_export'), ('set_setting'), ('store_export_peaks'),
    ('sweep_locks') $$,
  'and the service alone the rest');
select is_empty($$
  select from pg_proc p where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosecdef
    and not coalesce(p.proconfig, '{}') @> array['search_path=""'] $$,
  'every definer function pins its search path');

select * from finish();
rollback;
