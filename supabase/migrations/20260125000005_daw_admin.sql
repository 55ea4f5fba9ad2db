-- Review of exports. Every act needs a reason and leaves a row in daw_admin_audit in the same transaction.

-- The refusal if the caller is no admin or gives no reason; else null, and the act is written down.
create function private.audit(
  p_action text, p_reason text, p_export uuid, p_project uuid, p_user uuid, p_details jsonb default '{}')
returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  if not private.is_admin() then
    return private.refusal('forbidden', 'Only admins review exports.');
  end if;
  if char_length(trim(coalesce(p_reason, ''))) not between 3 and 1000 then
    return private.refusal('validation_failed', 'Give a reason of 3 to 1000 characters.');
  end if;
  insert into public.daw_admin_audit (admin_id, action, reason, export_id, project_id, user_id, details)
  values (auth.uid(), p_action, trim(p_reason), p_export, p_project, p_user, p_details);
  perform private.acting('admin:' || auth.uid(), trim(p_reason));
  return null;
end
$$;

create function private.export_for_admin(p_id uuid) returns public.daw_exports
language sql security definer set search_path = '' as $$
  select e from public.daw_exports e where e.id = p_id and private.is_admin() for update
$$;

-- All of these: {id, status, reviewedBy, quarantined}, or {refusal}.
create function private.reviewed(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', id, 'status', status, 'reviewedBy', reviewed_by,
    'quarantined', quarantined_at is not null) from public.daw_exports where id = p_id
$$;

-- p_action: claim (I look into it), quarantine (nobody downloads it meanwhile), release (it is fine), or
-- revoke (taken down for good: its file is deleted; what has not finished is canceled).
create function public.admin_review_export(p_id uuid, p_action text, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports := private.export_for_admin(p_id);
  v_refusal jsonb;
begin
  if p_action not in ('claim', 'quarantine', 'release', 'revoke') then
    raise exception 'there is no action %', p_action using errcode = 'invalid_parameter_value';
  end if;
  if not private.is_admin() then
    return private.refusal('forbidden', 'Only admins review exports.');
  elsif v_export.id is null then
    return private.refusal('not_found', 'There is no such export.');
  elsif p_action = 'revoke' and v_export.status in ('failed', 'canceled', 'expired', 'revoked') then
    return private.refusal('illegal_transition', format('The export is %s already.', v_export.status));
  end if;
  v_refusal := private.audit('export.' || p_action, p_reason, p_id, v_export.project_id, v_export.requested_by,
    jsonb_build_object('status', v_export.status));
  if v_refusal is not null then
    return v_refusal;
  end if;
  if p_action = 'claim' then
    update public.daw_exports set reviewed_by = auth.uid() where id = p_id;
  elsif p_action = 'quarantine' then
    update public.daw_exports set reviewed_by = auth.uid(), quarantined_at = clock_timestamp() where id = p_id;
  elsif p_action = 'release' then
    update public.daw_exports set reviewed_by = null, quarantined_at = null where id = p_id;
  elsif v_export.status = 'completed' then
    update public.daw_exports set status = 'revoked' where id = p_id;
    insert into private.orphaned_objects (key, is_prefix)
    values (format('exports/%s/%s/', v_export.project_id, p_id), true);
  elsif v_export.status = 'queued' then
    update public.daw_exports set status = 'canceled', cancel_requested = true,
      completed_at = clock_timestamp() where id = p_id;
  else
    update public.daw_exports set cancel_requested = true where id = p_id;
  end if;
  return private.reviewed(p_id);
end
$$;

-- Takes a user's right to export, and cancels what they have waiting and running. {userId, suspended}, or {refusal}.
create function public.admin_suspend_user(p_user uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb;
begin
  if private.is_admin() and not exists (select from auth.users where id = p_user) then
    return private.refusal('not_found', 'There is no such account.');
  end if;
  v_refusal := private.audit('user.suspend', p_reason, null, null, p_user);
  if v_refusal is not null then
    return v_refusal;
  end if;
  -- Waits for a request of theirs that is being handled, and holds the next.
  perform pg_advisory_xact_lock(hashtextextended('daw_exports of ' || p_user, 0));
  insert into public.daw_export_suspensions (user_id, reason, suspended_by)
  values (p_user, trim(p_reason), auth.uid())
  on conflict (user_id) do update set reason = excluded.reason, suspended_by = excluded.suspended_by;
  update public.daw_exports set status = 'canceled', cancel_requested = true, completed_at = clock_timestamp()
  where requested_by = p_user and status = 'queued';
  update public.daw_exports set cancel_requested = true
  where requested_by = p_user and status in ('rendering', 'encoding', 'uploading');
  return jsonb_build_object('userId', p_user, 'suspended', true);
end
$$;

create function public.admin_reinstate_user(p_user uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb := private.audit('user.reinstate', p_reason, null, null, p_user);
begin
  if v_refusal is not null then
    return v_refusal;
  end if;
  delete from public.daw_export_suspensions where user_id = p_user;
  return jsonb_build_object('userId', p_user, 'suspended', false);
end
$$;

-- Who exports what and how much: newest first, optionally of one user or in one status, before a point in time.
create function public.admin_list_exports(
  p_user uuid default null, p_status text default null, p_before timestamptz default null,
  p_limit integer default 50)
returns table (id uuid, project_id uuid, project_name text, requested_by uuid, email text, status text,
  options jsonb, attempt integer, bytes bigint, duration_seconds double precision, error jsonb,
  reviewed_by uuid, quarantined_at timestamptz, suspended boolean, exports_last_day bigint,
  created_at timestamptz, completed_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select e.id, e.project_id, e.project_name, e.requested_by, u.email, e.status, e.options, e.attempt,
    (e.result ->> 'bytes')::bigint, (e.result ->> 'durationSeconds')::double precision, e.error,
    e.reviewed_by, e.quarantined_at,
    exists (select from public.daw_export_suspensions s where s.user_id = e.requested_by),
    (select count(*) from public.daw_exports o
      where o.requested_by = e.requested_by and o.created_at > now() - interval '1 day'),
    e.created_at, e.completed_at
  from public.daw_exports e
  join auth.users u on u.id = e.requested_by
  where private.is_admin()
    and (p_user is null or e.requested_by = p_user) and (p_status is null or e.status = p_status)
    and (p_before is null or e.created_at < p_before)
  order by e.created_at desc, e.id
  limit least(greatest(p_limit, 1), 200)
$$;

revoke execute on function private.audit(text, text, uuid, uuid, uuid, jsonb), private.export_for_admin(uuid),
  private.reviewed(uuid), public.admin_review_export(uuid, text, text),
  public.admin_suspend_user(uuid, text), public.admin_reinstate_user(uuid, text),
  public.admin_list_exports(uuid, text, timestamptz, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.admin_review_export(uuid, text, text),
  public.admin_suspend_user(uuid, text), public.admin_reinstate_user(uuid, text),
  public.admin_list_exports(uuid, text, timestamptz, integer) to authenticated;
