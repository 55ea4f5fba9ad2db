-- Sharing of exports, the admins' overview of them, and a word to listeners when somebody's access changes.

-- --------------------------------------------------------------------------------------- access changes

-- Whoever serves streams or sockets listens on daw_access and looks again at what this user may see.
create function private.tell_access(p_project uuid, p_export uuid, p_user uuid) returns void
language sql volatile set search_path = '' as $$
  select pg_notify('daw_access', json_build_object(
    'projectId', p_project, 'exportId', p_export, 'userId', p_user)::text)
$$;

create function private.tell_member_access() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'DELETE' or new.role <> old.role then
    perform private.tell_access(old.project_id, null, old.user_id);
  end if;
  return null;
end
$$;
create trigger tell_access after delete or update of role on public.daw_project_members
  for each row execute function private.tell_member_access();

create function private.tell_share_access() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform private.tell_access(null, old.export_id, u.user_id)
  from (
    select old.user_id as user_id where old.user_id is not null
    union all
    -- A share without a user was with every client of the project.
    select m.user_id from public.daw_project_members m
    where old.user_id is null and m.project_id = old.project_id and m.role = 'client') u;
  return null;
end
$$;
create trigger tell_access after delete on public.daw_export_shares
  for each row execute function private.tell_share_access();

-- ---------------------------------------------------------------------------------------------- sharing

-- Holds for every way in, the database's own API too: whose right to export is suspended spreads no exports, and an
-- export is shared with so many at most.
create function private.guard_share() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.daw_export_suspensions where user_id = auth.uid()) then
    raise exception 'the right to export has been suspended' using errcode = 'insufficient_privilege';
  end if;
  -- Two at once must not both be the last one.
  perform pg_advisory_xact_lock(hashtextextended('daw_export_shares of ' || new.export_id, 0));
  if (select count(*) from public.daw_export_shares where export_id = new.export_id)
    >= private.setting('export_shares_per_export', 100)
  then
    raise exception 'export % is shared with too many', new.export_id
      using errcode = 'check_violation', constraint = 'daw_export_shares_most';
  end if;
  return new;
end
$$;
create trigger guard before insert on public.daw_export_shares
  for each row execute function private.guard_share();

-- Why the caller may not decide who sees this export; null if they may. An export that they do not see does not exist.
create function private.refuse_sharing(p_export uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_project uuid;
  v_requested_by uuid;
begin
  select project_id, requested_by into v_project, v_requested_by from public.daw_exports
  where id = p_export and (project_id = any (array(select private.my_studio_projects()))
    or id = any (array(select private.my_shared_exports())));
  if not found then
    return private.refusal('not_found', 'There is no such export, or it is not shared with you.');
  elsif private.account_role() is distinct from 'pro' or not (v_requested_by = auth.uid()
    or v_project = any (array(select private.my_editable_projects())))
  then
    return private.refusal('forbidden',
      'Only the owner and the editors of the project, and whoever made the export, decide who sees it.');
  end if;
  return null;
end
$$;

create function private.share_json(s public.daw_export_shares) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('userId', s.user_id,
    'email', (select u.email from auth.users u where u.id = s.user_id),
    'sharedBy', (select jsonb_build_object('userId', u.id, 'email', coalesce(u.email, ''))
      from auth.users u where u.id = s.shared_by),
    'createdAt', private.iso(s.created_at))
$$;

-- {share, created}, or {refusal}. With p_user or the account of p_email; without both: with every client of the
-- project. Shared already: the same share again. Whose account an address is, is told only to those who may share.
create function public.daw_share_export(p_export uuid, p_user uuid default null, p_email text default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb := private.refuse_sharing(p_export);
  v_export public.daw_exports;
  v_user uuid;
  v_share public.daw_export_shares;
begin
  if v_refusal is not null then
    return v_refusal;
  end if;
  if exists (select from public.daw_export_suspensions where user_id = auth.uid()) then
    return private.refusal('forbidden', 'The right to export has been suspended, and to share exports with it.');
  end if;
  select * into v_export from public.daw_exports where id = p_export;
  if v_export.status in ('expired', 'revoked') then
    return private.refusal('export_expired',
      case v_export.status when 'expired' then 'The file is gone; export again, then share that.'
        else 'This file has been taken down.' end);
  end if;
  if p_user is not null or p_email is not null then
    select id into v_user from auth.users
    where not is_anonymous and (id = p_user or (p_user is null and email = lower(trim(p_email))));
    if not found then
      return private.refusal('not_found', case when p_user is not null then 'There is no such account.'
        else format('Nobody has an account with %s yet. Ask them to sign up, then share it again.', trim(p_email)) end);
    elsif v_user = auth.uid() then
      return private.refusal('validation_failed', 'You see this export already: share it with somebody else.');
    end if;
  end if;
  select * into v_share from public.daw_export_shares
  where export_id = p_export and user_id is not distinct from v_user;
  if found then
    return jsonb_build_object('share', private.share_json(v_share), 'created', false);
  end if;
  insert into public.daw_export_shares (export_id, project_id, user_id, shared_by)
  values (p_export, v_export.project_id, v_user, auth.uid())
  on conflict on constraint daw_export_shares_once do nothing returning * into v_share;
  if found then
    return jsonb_build_object('share', private.share_json(v_share), 'created', true);
  end if;
  select * into v_share from public.daw_export_shares
  where export_id = p_export and user_id is not distinct from v_user;
  return jsonb_build_object('share', private.share_json(v_share), 'created', false);
end
$$;

-- {shares: […]}, the first one first, or {refusal}. Who may not share sees how it came to them, and nobody else.
create function public.daw_list_shares(p_export uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_refusal jsonb := private.refuse_sharing(p_export);
begin
  if v_refusal -> 'refusal' ->> 'code' = 'not_found' then
    return v_refusal;
  end if;
  return jsonb_build_object('shares', coalesce((
    select jsonb_agg(private.share_json(s) order by s.created_at, s.id) from public.daw_export_shares s
    where s.export_id = p_export and (v_refusal is null or s.user_id = auth.uid() or s.user_id is null)), '[]'));
end
$$;

-- {removed: true}, or {refusal}. p_user null: no longer with every client of the project. Everybody may let go of what
-- was shared with themselves.
create function public.daw_unshare_export(p_export uuid, p_user uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb := private.refuse_sharing(p_export);
begin
  if v_refusal is not null
    and not (v_refusal -> 'refusal' ->> 'code' = 'forbidden' and p_user = auth.uid())
  then
    return v_refusal;
  end if;
  delete from public.daw_export_shares where export_id = p_export and user_id is not distinct from p_user;
  if not found then
    return private.refusal('not_found', 'It is not shared with them.');
  end if;
  return jsonb_build_object('removed', true);
end
$$;

-- As before, and admins hear an export only as everybody else does, or by admin_reveal_export, which is written down.
create or replace function public.daw_export_download(p_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_status text;
  v_quarantined timestamptz;
  v_expires timestamptz;
  v_file jsonb;
begin
  select status, quarantined_at, expires_at, jsonb_build_object('objectKey', object_key,
    'fileName', result ->> 'fileName', 'expiresAt', private.iso(expires_at))
  into v_status, v_quarantined, v_expires, v_file
  from public.daw_exports
  where id = p_id and (private.is_service() or project_id = any (array(select private.my_studio_projects()))
    or id = any (array(select private.my_shared_exports())));
  if not found then
    return private.refusal('not_found', 'There is no such export, or it is not shared with you.');
  elsif v_quarantined is not null then
    return private.refusal('forbidden', 'This file is held back while it is being reviewed.');
  elsif v_status = 'revoked' then
    return private.refusal('export_expired', 'This file has been taken down.');
  elsif v_status = 'expired' or (v_status = 'completed' and v_expires < clock_timestamp()) then
    return private.refusal('export_expired', 'The file is gone; export again.');
  elsif v_status <> 'completed' then
    return private.refusal('export_not_ready', format('The export is %s.', v_status));
  end if;
  return v_file;
end
$$;

-- ----------------------------------------------------------------------------------------------- review

-- {objectKey, projectName, fileName, options}, or {refusal}: what an admin needs to hear an export, quarantined or
-- not. That they did, and why, is written down in the same transaction.
create function public.admin_reveal_export(p_id uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports := private.export_for_admin(p_id);
  v_refusal jsonb;
begin
  if not private.is_admin() then
    return private.refusal('forbidden', 'Only admins review exports.');
  elsif v_export.id is null then
    return private.refusal('not_found', 'There is no such export.');
  elsif v_export.status in ('expired', 'revoked') then
    return private.refusal('export_expired', 'The file is gone.');
  elsif v_export.status <> 'completed' then
    return private.refusal('export_not_ready', format('The export is %s.', v_export.status));
  end if;
  v_refusal := private.audit('export.reveal', p_reason, p_id, v_export.project_id, v_export.requested_by,
    jsonb_build_object('quarantined', v_export.quarantined_at is not null));
  if v_refusal is not null then
    return v_refusal;
  end if;
  return jsonb_build_object('objectKey', v_export.object_key, 'projectName', v_export.project_name,
    'fileName', v_export.result ->> 'fileName', 'options', v_export.options);
end
$$;

-- As before, and of an account that exists.
create or replace function public.admin_reinstate_user(p_user uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb;
begin
  if private.is_admin() and not exists (select from auth.users where id = p_user) then
    return private.refusal('not_found', 'There is no such account.');
  end if;
  v_refusal := private.audit('user.reinstate', p_reason, null, null, p_user);
  if v_refusal is not null then
    return v_refusal;
  end if;
  delete from public.daw_export_suspensions where user_id = p_user;
  return jsonb_build_object('userId', p_user, 'suspended', false);
end
$$;

-- Who exports what and how much, newest first: of one user, in one status, held back or not, before a point in time
-- (and, among exports of that very moment, before an id). `at` is created_at to the microsecond, to go on from.
drop function public.admin_list_exports(uuid, text, timestamptz, integer);
create function public.admin_list_exports(
  p_user uuid default null, p_status text default null, p_before timestamptz default null,
  p_limit integer default 50, p_quarantined boolean default null, p_before_id uuid default null)
returns table (id uuid, project_id uuid, project_name text, requested_by uuid, email text, status text,
  options jsonb, attempt integer, bytes bigint, duration_seconds double precision, error jsonb,
  reviewed_by uuid, reviewer_email text, quarantined_at timestamptz, shares bigint, suspended boolean,
  exports_last_day bigint, created_at timestamptz, completed_at timestamptz, expires_at timestamptz, at text)
language sql stable security definer set search_path = '' as $$
  select e.id, e.project_id, e.project_name, e.requested_by, u.email, e.status, e.options, e.attempt,
    (e.result ->> 'bytes')::bigint, (e.result ->> 'durationSeconds')::double precision, e.error,
    e.reviewed_by, (select r.email from auth.users r where r.id = e.reviewed_by), e.quarantined_at,
    (select count(*) from public.daw_export_shares s where s.export_id = e.id),
    exists (select from public.daw_export_suspensions s where s.user_id = e.requested_by),
    (select count(*) from public.daw_exports o
      where o.requested_by = e.requested_by and o.created_at > now() - interval '1 day'),
    e.created_at, e.completed_at, e.expires_at,
    to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  from public.daw_exports e
  join auth.users u on u.id = e.requested_by
  where private.is_admin()
    and (p_user is null or e.requested_by = p_user) and (p_status is null or e.status = p_status)
    and (p_quarantined is null or (e.quarantined_at is not null) = p_quarantined)
    and (p_before is null or e.created_at < p_before
      or (e.created_at = p_before and e.id < p_before_id))
  order by e.created_at desc, e.id desc
  limit least(greatest(p_limit, 1), 200)
$$;

-- What each of these users has exported, in all and in the last day. Bytes are of files, those that are gone too.
create function public.admin_export_totals(p_users uuid[])
returns table (user_id uuid, email text, exports bigint, exports_last_day bigint, bytes bigint,
  bytes_last_day bigint, suspended boolean, suspended_reason text)
language sql stable security definer set search_path = '' as $$
  select u.id, u.email, count(e.id), count(e.id) filter (where e.created_at > now() - interval '1 day'),
    coalesce(sum((e.result ->> 'bytes')::bigint), 0)::bigint,
    coalesce(sum((e.result ->> 'bytes')::bigint) filter (where e.created_at > now() - interval '1 day'), 0)::bigint,
    s.user_id is not null, s.reason
  from auth.users u
  left join public.daw_exports e on e.requested_by = u.id
  left join public.daw_export_suspensions s on s.user_id = u.id
  where private.is_admin() and u.id = any (p_users)
  group by u.id, u.email, s.user_id, s.reason
  order by 4 desc, 5 desc, u.id
$$;

-- What admins did, and why, newest first. Addresses are those of today; of accounts that are gone there is none.
create function public.admin_list_audit(
  p_admin uuid default null, p_action text default null, p_export uuid default null, p_user uuid default null,
  p_before timestamptz default null, p_before_id bigint default null, p_limit integer default 50)
returns table (id bigint, at text, admin_id uuid, admin_email text, action text, reason text, export_id uuid,
  project_id uuid, user_id uuid, user_email text, details jsonb)
language sql stable security definer set search_path = '' as $$
  select a.id, private.iso(a.at), a.admin_id, (select u.email from auth.users u where u.id = a.admin_id), a.action,
    a.reason, a.export_id, a.project_id, a.user_id, (select u.email from auth.users u where u.id = a.user_id),
    a.details
  from public.daw_admin_audit a
  where private.is_admin()
    and (p_admin is null or a.admin_id = p_admin) and (p_action is null or a.action = p_action)
    and (p_export is null or a.export_id = p_export) and (p_user is null or a.user_id = p_user)
    and (p_before is null or a.at < p_before) and (p_before_id is null or a.id < p_before_id)
  order by a.id desc
  limit least(greatest(p_limit, 1), 200)
$$;

-- ----------------------------------------------------------------------------------------------- grants

revoke execute on function private.tell_access(uuid, uuid, uuid), private.tell_member_access(),
  private.tell_share_access(), private.guard_share(), private.refuse_sharing(uuid),
  private.share_json(public.daw_export_shares), public.daw_share_export(uuid, uuid, text),
  public.daw_list_shares(uuid), public.daw_unshare_export(uuid, uuid),
  public.daw_export_download(uuid), public.admin_reveal_export(uuid, text),
  public.admin_reinstate_user(uuid, text),
  public.admin_list_exports(uuid, text, timestamptz, integer, boolean, uuid),
  public.admin_export_totals(uuid[]),
  public.admin_list_audit(uuid, text, uuid, uuid, timestamptz, bigint, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.daw_share_export(uuid, uuid, text), public.daw_list_shares(uuid),
  public.daw_unshare_export(uuid, uuid), public.admin_reveal_export(uuid, text),
  public.admin_reinstate_user(uuid, text),
  public.admin_list_exports(uuid, text, timestamptz, integer, boolean, uuid),
  public.admin_export_totals(uuid[]),
  public.admin_list_audit(uuid, text, uuid, uuid, timestamptz, bigint, integer) to authenticated;
grant execute on function public.daw_export_download(uuid) to authenticated, service_role;
