-- Sharing by its function and by the table itself, what admins see, the trail that nobody rewrites.
begin;
select plan(57);

create function pg_temp.become(p_user uuid, p_account text default 'pro', p_guest boolean default false)
returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', p_user, 'role', 'authenticated',
      'is_anonymous', p_guest, 'app_metadata', jsonb_strip_nulls(jsonb_build_object('daw_role', p_account)))::text, true),
    set_config('role', 'authenticated', true)
$$;
create function pg_temp.become_nobody() returns void language sql as $$
  select set_config('request.jwt.claims', '', true), set_config('role', 'none', true)
$$;
create function pg_temp.refused(p_answer jsonb) returns text language sql as $$
  select p_answer -> 'refusal' ->> 'code'
$$;

-- owner 1, client of the project 2, stranger 3, guest 4, client account 5, editor 6, admin 7, former editor 8
insert into auth.users (id, email, is_anonymous)
select format('00000000-0000-4000-8000-00000000000%s', n)::uuid, case when n <> 4 then n || '@shares.test' end, n = 4
from generate_series(1, 8) n;
insert into daw_projects (id, owner_id, name)
values ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001', 'Song');
insert into daw_project_members (project_id, user_id, role) values
  ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'client'),
  ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000006', 'editor'),
  ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000008', 'client');
-- 1 by the owner, 2 by the former editor, 3 to expire
insert into daw_exports (id, project_id, project_name, requested_by, fingerprint, snapshot, snapshot_seq, options)
select format('20000000-0000-4000-8000-00000000000%s', n)::uuid, '10000000-0000-4000-8000-000000000001', 'Song',
  format('00000000-0000-4000-8000-00000000000%s', case n when 2 then 8 else 1 end)::uuid, 'f', '{}', 1, '{}'
from generate_series(1, 3) n;

-- Who may share
select pg_temp.become('00000000-0000-4000-8000-000000000003');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001', p_email => '5@shares.test')),
  'not_found', 'to a stranger the export does not exist');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001', p_email => 'nobody@shares.test')),
  'not_found', 'whatever address they try');
select is(daw_share_export('20000000-0000-4000-8000-000000000001', p_email => '5@shares.test'),
  daw_share_export('20000000-0000-4000-8000-000000000001', p_email => 'nobody@shares.test'),
  'and they learn of nobody whether they have an account');
select is(pg_temp.refused(daw_list_shares('20000000-0000-4000-8000-000000000001')), 'not_found',
  'nor whom it is shared with');
select is(pg_temp.refused(daw_unshare_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000003')), 'not_found', 'nor is there anything to let go of');
select pg_temp.become('00000000-0000-4000-8000-000000000002', 'client');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000005')), 'not_found', 'a client does not see what is not shared with them');
select pg_temp.become('00000000-0000-4000-8000-000000000007', 'admin');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000005')), 'not_found', 'admins share nothing');
select pg_temp.become('00000000-0000-4000-8000-000000000006');
select is(daw_share_export('20000000-0000-4000-8000-000000000001', p_email => ' 5@SHARES.test ') ->> 'created', 'true',
  'an editor shares, by an address however it is written');
select is(daw_share_export('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000005')
  ->> 'created', 'false', 'once: the same again is the same share');
select is(daw_share_export('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000005') -> 'share'
  -> 'sharedBy' ->> 'email', '6@shares.test', 'which says who did it');
select is((select count(*) from daw_export_shares), 1::bigint, 'and is there once');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  p_email => 'nobody@shares.test')), 'not_found', 'nobody is shared with who has no account');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000004')), 'not_found', 'nor a guest');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001', gen_random_uuid())), 'not_found',
  'nor an id that is nobody''s');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000006')), 'validation_failed', 'nor oneself');

-- What the one shared with sees
select pg_temp.become('00000000-0000-4000-8000-000000000005', 'client');
select results_eq('select id from daw_exports', $$ values ('20000000-0000-4000-8000-000000000001'::uuid) $$,
  'who it is shared with sees it');
select is(daw_export_download('20000000-0000-4000-8000-000000000001') -> 'refusal' ->> 'code', 'export_not_ready',
  'and downloads it once it is there');
select is(jsonb_array_length(daw_list_shares('20000000-0000-4000-8000-000000000001') -> 'shares'), 1,
  'they see how it came to them');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000003')), 'forbidden', 'but hand it on to nobody');
select is(pg_temp.refused(daw_unshare_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000006')), 'forbidden', 'and take it from nobody');
select is(daw_unshare_export('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000005')
  ->> 'removed', 'true', 'they may let go of it');
select is_empty('select from daw_exports', 'and then it is gone at once');

-- Every client of the project; the one who made it
select pg_temp.become('00000000-0000-4000-8000-000000000001');
select is(daw_share_export('20000000-0000-4000-8000-000000000002') -> 'share' -> 'userId', 'null'::jsonb,
  'the owner shares with every client of the project');
select is(daw_share_export('20000000-0000-4000-8000-000000000002') ->> 'created', 'false', 'that too only once');
select pg_temp.become('00000000-0000-4000-8000-000000000002', 'client');
select results_eq('select id from daw_exports', $$ values ('20000000-0000-4000-8000-000000000002'::uuid) $$,
  'a client sees it');
select is(daw_list_shares('20000000-0000-4000-8000-000000000002') -> 'shares' -> 0 ->> 'email', null,
  'and that it is shared with all');
select pg_temp.become('00000000-0000-4000-8000-000000000008');
select is(daw_share_export('20000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003')
  ->> 'created', 'true', 'who made an export shares it, as long as they see it');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000003')), 'not_found', 'and no other');
select is(daw_unshare_export('20000000-0000-4000-8000-000000000002') ->> 'removed', 'true',
  'and takes it back from the clients');
select is(pg_temp.refused(daw_list_shares('20000000-0000-4000-8000-000000000002')), 'not_found',
  'with which they see it themselves no longer');

-- Suspension, quota, and what is gone
select pg_temp.become_nobody();
insert into daw_export_suspensions (user_id, reason, suspended_by) values
  ('00000000-0000-4000-8000-000000000006', 'resells', '00000000-0000-4000-8000-000000000007');
select pg_temp.become('00000000-0000-4000-8000-000000000006');
select is(pg_temp.refused(daw_share_export('20000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000005')), 'forbidden', 'who is suspended spreads nothing');
select throws_ok($$ insert into daw_export_shares (export_id, project_id, user_id) values
    ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001',
    '00000000-0000-4000-8000-000000000005') $$, '42501', 'the right to export has been suspended',
  'not by the table either');
select pg_temp.become_nobody();
select set_setting('export_shares_per_export', '1');
select pg_temp.become('00000000-0000-4000-8000-000000000001');
select is(daw_share_export('20000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000005')
  ->> 'created', 'true', 'up to the limit');
select throws_ok($$ select daw_share_export('20000000-0000-4000-8000-000000000003',
  '00000000-0000-4000-8000-000000000003') $$, '23514', null, 'and no further');
select throws_ok($$ insert into daw_export_shares (export_id, project_id, user_id) values
    ('20000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001',
    '00000000-0000-4000-8000-000000000003') $$, '23514', null, 'by no way');
select is(daw_share_export('20000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000005')
  ->> 'created', 'false', 'what is shared stays');
select pg_temp.become_nobody();
update daw_exports set status = 'rendering', attempt = 1, lease_token = 1, lease_expires_at = now()
  where id = '20000000-0000-4000-8000-000000000003';
update daw_exports set status = 'encoding' where id = '20000000-0000-4000-8000-000000000003';
update daw_exports set status = 'uploading' where id = '20000000-0000-4000-8000-000000000003';
update daw_exports set status = 'completed', lease_expires_at = null, result = '{"bytes": 900, "fileName": "a.wav"}',
  object_key = 'exports/p/e/1.wav', expires_at = now() + interval '1 hour'
  where id = '20000000-0000-4000-8000-000000000003';

-- Admins
select pg_temp.become('00000000-0000-4000-8000-000000000007', 'admin');
select is(pg_temp.refused(daw_export_download('20000000-0000-4000-8000-000000000003')), 'not_found',
  'an admin hears an export by no other way');
select is(pg_temp.refused(admin_reveal_export('20000000-0000-4000-8000-000000000003', ' ')), 'validation_failed',
  'than by revealing it, with a reason');
select is(admin_reveal_export('20000000-0000-4000-8000-000000000003', 'reported by a label') ->> 'objectKey',
  'exports/p/e/1.wav', 'which tells where it is');
select is(admin_review_export('20000000-0000-4000-8000-000000000003', 'quarantine', 'rights unclear')
  ->> 'quarantined', 'true', 'what is held back');
select is(admin_reveal_export('20000000-0000-4000-8000-000000000003', 'compare once more') ->> 'fileName', 'a.wav',
  'is revealed too');
select is(pg_temp.refused(admin_reveal_export('20000000-0000-4000-8000-000000000001', 'too early')),
  'export_not_ready', 'what is not finished is not');
select is(pg_temp.refused(admin_reinstate_user(gen_random_uuid(), 'whoever it is')), 'not_found',
  'nobody is reinstated who is nobody');
select results_eq($$ select action, user_email, details ->> 'quarantined' from admin_list_audit() $$,
  $$ values ('export.reveal'::text, '1@shares.test'::text, 'true'::text),
    ('export.quarantine', '1@shares.test', null), ('export.reveal', '1@shares.test', 'false') $$,
  'all of it is on record');
select results_eq($$ select exports, exports_last_day, bytes, suspended from admin_export_totals(array[
    '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000006']::uuid[]) $$,
  $$ values (2::bigint, 2::bigint, 900::bigint, false), (0, 0, 0, true) $$, 'admins see who exports how much');
select is((select count(*) from admin_list_exports(p_quarantined => true)), 1::bigint, 'and what is held back');
select pg_temp.become('00000000-0000-4000-8000-000000000005', 'client');
select is(pg_temp.refused(daw_export_download('20000000-0000-4000-8000-000000000003')), 'forbidden',
  'nobody else hears what is held back');
select is((select count(*) from admin_list_exports()) + (select count(*) from admin_list_audit())
  + (select count(*) from admin_export_totals(array['00000000-0000-4000-8000-000000000001'::uuid])), 0::bigint,
  'nor sees what admins see');
select is(pg_temp.refused(admin_reveal_export('20000000-0000-4000-8000-000000000003', 'curious')), 'forbidden',
  'or reveals anything');
select is((select count(*) from daw_admin_audit), 0::bigint, 'or reads the trail');

-- The trail, for the service role with every right that it could ever be given, and for the owner of the table
select pg_temp.become_nobody();
grant insert, update, delete, truncate on daw_admin_audit to service_role;
select set_config('role', 'service_role', true), set_config('request.jwt.claims', '{"role": "service_role"}', true);
select throws_ok($$ update daw_admin_audit set reason = 'nothing' $$, '42501', 'daw_admin_audit is only ever added to',
  'an entry is not changed');
select throws_ok('delete from daw_admin_audit', '42501', 'daw_admin_audit is only ever added to', 'or removed');
select throws_ok('truncate daw_admin_audit', '42501', 'daw_admin_audit is only ever added to', 'nor all of them');
select throws_ok('alter table daw_admin_audit disable trigger append_only', '42501', null, 'nor the rule');
select pg_temp.become_nobody();
set local session_replication_role = replica;
select throws_ok($$ update daw_admin_audit set reason = 'nothing' $$, '42501', 'daw_admin_audit is only ever added to',
  'not even by the owner in a session that has switched triggers off');
select throws_ok('truncate daw_admin_audit', '42501', 'daw_admin_audit is only ever added to', 'whatever they try');
select throws_ok($$ update daw_export_events set reason = 'nothing' $$, '42501',
  'daw_export_events is only ever added to', 'and no more the history of exports');
set local session_replication_role = origin;

select * from finish();
rollback;
