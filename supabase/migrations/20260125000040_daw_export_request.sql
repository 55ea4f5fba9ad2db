-- Replays that wait for nobody, a look again once it is one's turn, and a second run of what has expired.

-- ------------------------------------------------------------------------------------------ requesting

-- Why the caller may not export this project, or put it in p_user's queue; null if they may. Waits for nothing.
create function private.refuse_exporting(p_project uuid, p_user uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_me uuid := auth.uid();
  v_role text := private.account_role();
  v_in_project text;
begin
  if v_role is null then
    return private.refusal('unauthenticated', 'Sign in to export.');
  end if;
  if v_role = 'guest' then
    return private.refusal('guest_not_allowed', 'Sign up to export; your project is kept.');
  end if;
  select role into v_in_project from public.daw_project_members
  where project_id = p_project and user_id = v_me;
  if not found then
    return private.refusal('not_found', 'There is no such project, or it is not shared with you.');
  end if;
  if v_role <> 'pro' or v_in_project = 'client' then
    return private.refusal('forbidden', 'Only the owner and the editors of a project export it.');
  end if;
  if exists (select from public.daw_export_suspensions where user_id in (v_me, p_user)) then
    return private.refusal('forbidden', 'The right to export has been suspended.');
  end if;
  return null;
end
$$;

-- As before, and judged again once the queue is the caller's: whoever lost the project or the right to export while
-- they waited for it had been let through.
create or replace function private.refuse_enqueue(p_project uuid, p_user uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb := private.refuse_exporting(p_project, p_user);
begin
  if v_refusal is not null then
    return v_refusal;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('daw_exports of ' || p_user, 0));
  return private.refuse_exporting(p_project, p_user);
end
$$;

-- {id, status, replayed: true} of the caller's export with this key, a refusal if it was another request; null: none.
create function private.replay_export(p_project uuid, p_key text, p_fingerprint text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_id uuid;
  v_status text;
  v_fingerprint text;
begin
  select id, status, fingerprint into v_id, v_status, v_fingerprint from public.daw_exports
  where requested_by = auth.uid() and project_id = p_project and idempotency_key = p_key;
  if not found then
    return null;
  elsif v_fingerprint <> p_fingerprint then
    return private.refusal('idempotency_key_reused',
      'This key belongs to another export request; use a new key for a new request.');
  end if;
  return jsonb_build_object('id', v_id, 'status', v_status, 'replayed', true);
end
$$;

-- As before, but a replay of what is there already does not queue up behind other requests of its user.
create or replace function public.daw_request_export(
  p_project uuid, p_key text, p_fingerprint text, p_options jsonb, p_plan jsonb)
returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
  v_me uuid := auth.uid();
  v_queue bigint := hashtextextended('daw_exports of ' || v_me, 0);
  v_answer jsonb;
  v_export public.daw_exports;
  v_snapshot jsonb;
begin
  -- Nearly always the queue is free, and all is judged once. Where it is not, a replay need not wait for it.
  if not pg_try_advisory_xact_lock(v_queue) then
    v_answer := coalesce(private.refuse_exporting(p_project, v_me),
      private.replay_export(p_project, p_key, p_fingerprint));
    if v_answer is not null then
      return v_answer;
    end if;
    -- As refuse_enqueue does; everything may have changed until the queue is the caller's.
    perform pg_advisory_xact_lock(v_queue);
  end if;
  v_answer := coalesce(private.refuse_exporting(p_project, v_me),
    private.replay_export(p_project, p_key, p_fingerprint), private.refuse_over_quota(v_me));
  if v_answer is not null then
    return v_answer;
  end if;
  v_snapshot := public.daw_project_snapshot(p_project);
  perform private.acting('user:' || v_me, 'requested');
  insert into public.daw_exports (project_id, project_name, requested_by, idempotency_key, fingerprint,
    snapshot, snapshot_seq, options, plan)
  values (p_project, v_snapshot -> 'project' ->> 'name', v_me, p_key, p_fingerprint, v_snapshot,
    (v_snapshot -> 'project' ->> 'seq')::bigint, p_options, p_plan)
  returning * into v_export;
  return jsonb_build_object('id', v_export.id, 'status', v_export.status, 'replayed', false);
exception when lock_not_available then
  return private.refusal('idempotency_key_busy', 'The same request is being handled right now.',
    '{"retryAfterSeconds": 1}');
end
$$;

-- -------------------------------------------------------------------------------------------- repeating

-- As before, and what has expired may run again: its snapshot is still there, its file is not.
create or replace function private.export_may_become(p_from text, p_to text) returns boolean
language sql immutable
return
  case p_from
    when 'queued' then p_to in ('rendering', 'canceled', 'failed')
    when 'rendering' then p_to in ('encoding', 'queued', 'failed', 'canceled')
    when 'encoding' then p_to in ('uploading', 'queued', 'failed', 'canceled')
    when 'uploading' then p_to in ('completed', 'queued', 'failed', 'canceled')
    when 'completed' then p_to in ('expired', 'revoked')
    when 'failed' then p_to = 'queued'
    when 'canceled' then p_to = 'queued'
    when 'expired' then p_to = 'queued'
    else false
  end;

create or replace function public.retry_export(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
  v_export public.daw_exports;
  v_refusal jsonb;
begin
  select * into v_export from public.daw_exports
  where id = p_id and project_id = any (array(select private.my_editable_projects()));
  if not found then
    return private.refusal('not_found', 'There is no such export, or it is not yours to repeat.');
  end if;
  -- The queue before the row, in the order of daw_request_export. It is the first requester's queue again.
  v_refusal := private.refuse_enqueue(v_export.project_id, v_export.requested_by);
  if v_refusal is not null then
    return v_refusal;
  end if;
  v_export := private.lock_my_export(p_id);
  if v_export.status in ('queued', 'rendering', 'encoding', 'uploading') and not v_export.cancel_requested then
    return jsonb_build_object('id', v_export.id, 'status', v_export.status);
  end if;
  if v_export.status not in ('failed', 'canceled', 'expired') then
    return private.refusal('illegal_transition',
      format('Only a failed, canceled or expired export can be repeated; this one is %s.', v_export.status));
  elsif v_export.quarantined_at is not null then
    return private.refusal('forbidden', 'This export is held back while it is being reviewed.');
  end if;
  v_refusal := private.refuse_over_quota(v_export.requested_by);
  if v_refusal is not null then
    return v_refusal;
  end if;
  perform private.acting('user:' || auth.uid(), 'repeated by its maker');
  update public.daw_exports set status = 'queued', attempt = 0, available_at = clock_timestamp(),
    cancel_requested = false, error = null, started_at = null, completed_at = null, expires_at = null,
    result = null, object_key = null, peaks = null
  where id = p_id returning * into v_export;
  return jsonb_build_object('id', v_export.id, 'status', v_export.status);
exception when lock_not_available then
  return private.refusal('idempotency_key_busy', 'Another request of yours is being handled right now.',
    '{"retryAfterSeconds": 1}');
end
$$;

-- As before, but an expired export leaves its own file to the reaper of objects, and not the folder: a second run puts
-- the next file there.
create or replace function public.reap_exports() returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports;
  v_error jsonb := '{"code": "worker_lost", "message": "The render node stopped answering."}';
  v_changed integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('reap_exports', 0)) then
    return 0;
  end if;
  for v_export in
    select * from public.daw_exports
    where status in ('rendering', 'encoding', 'uploading') and lease_expires_at < clock_timestamp()
    for update skip locked
  loop
    if v_export.cancel_requested then
      perform private.end_lease(v_export.id, v_export.lease_token, 'canceled', 'reaper',
        'canceled by its maker');
    elsif v_export.attempt < v_export.max_attempts then
      -- No backoff: the node was lost, not the render; and its user has waited a lease already.
      perform private.end_lease(v_export.id, v_export.lease_token, 'queued', 'reaper', 'lease expired');
    else
      perform private.end_lease(v_export.id, v_export.lease_token, 'failed', 'reaper', 'lease expired', v_error);
    end if;
    v_changed := v_changed + 1;
  end loop;
  perform private.acting('reaper', 'past its time');
  for v_export in
    select * from public.daw_exports
    where status = 'completed' and expires_at < clock_timestamp() for update skip locked
  loop
    update public.daw_exports set status = 'expired' where id = v_export.id;
    insert into private.orphaned_objects (key, is_prefix) values (v_export.object_key, true);
    v_changed := v_changed + 1;
  end loop;
  update public.daw_exports set idempotency_key = null
  where idempotency_key is not null and created_at < clock_timestamp() - interval '24 hours';
  return v_changed;
end
$$;

-- ---------------------------------------------------------------------------------------------- for good

-- What was asked for at the click stays what was asked for, whoever writes.
create function private.refuse_other_export() returns trigger
language plpgsql set search_path = '' as $$
begin
  if (new.snapshot, new.snapshot_seq, new.options, new.fingerprint)
    is distinct from (old.snapshot, old.snapshot_seq, old.options, old.fingerprint)
  then
    raise exception 'what export % was asked for cannot change', old.id
      using errcode = 'check_violation', constraint = 'daw_exports_frozen';
  end if;
  return new;
end
$$;
-- Only where one of them is written to, so that heartbeats do not compare snapshots.
create trigger frozen before update of snapshot, snapshot_seq, options, fingerprint on public.daw_exports
  for each row execute function private.refuse_other_export();

-- Also for a session that has switched triggers off by session_replication_role.
alter table public.daw_admin_audit enable always trigger append_only;
alter table public.daw_export_events enable always trigger append_only;

revoke execute on function private.refuse_exporting(uuid, uuid), private.replay_export(uuid, text, text),
  private.refuse_other_export()
  from public, anon, authenticated, service_role;
