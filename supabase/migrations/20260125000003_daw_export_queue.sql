-- The export's life: requested by a user, claimed and finished by workers, reaped by whoever gets to it.
-- Times come from the database's clock alone. Every write of a worker carries (id, lease token); no row = lease lost.

-- Who makes the changes of this transaction, and why; the event rows say so.
create function private.acting(p_actor text, p_reason text) returns void
language plpgsql set search_path = '' as $$
begin
  perform set_config('mixdown.actor', coalesce(p_actor, ''), true),
    set_config('mixdown.reason', coalesce(p_reason, ''), true);
end
$$;

create function private.refusal(p_code text, p_detail text, p_more jsonb default '{}') returns jsonb
language sql immutable
return jsonb_build_object('refusal', jsonb_build_object('code', p_code, 'detail', p_detail) || p_more);

-- After attempt n: min(300, 5·2^(n−1)) seconds, and up to a fifth more so that failures do not return in step.
create function private.backoff(p_attempt integer) returns interval
language sql volatile
return make_interval(secs => least(300, 5 * 2 ^ (least(p_attempt, 12) - 1)) * (1 + random() / 5));

-- Why the caller may not put an export of this project in p_user's queue; null if they may. Holds that queue until the
-- end of the transaction, so that counts stay true; waits for it as long as lock_timeout says.
create function private.refuse_enqueue(p_project uuid, p_user uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
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
  perform pg_advisory_xact_lock(hashtextextended('daw_exports of ' || p_user, 0));
  return null;
end
$$;

create function private.refuse_over_quota(p_user uuid) returns jsonb
language plpgsql security definer set search_path = ''
-- As in claim_export.
set enable_bitmapscan = off set enable_seqscan = off as $$
declare
  v_limit bigint := private.setting('export_queued_per_user', 10);
  v_queued bigint;
begin
  select count(*) into v_queued from public.daw_exports
  where requested_by = p_user and status = 'queued';
  if v_queued >= v_limit then
    return private.refusal('quota_exceeded',
      format('%s exports are waiting, and %s is the most.', v_queued, v_limit),
      jsonb_build_object('retryAfterSeconds', 30,
        'extra', jsonb_build_object('queued', v_queued, 'limit', v_limit)));
  end if;
  return null;
end
$$;

-- {id, status, replayed}, or {refusal}. Role, membership, key look-up, quota, snapshot and row in one transaction.
-- A duplicate that runs at the same time waits at most 2 s for the first, then replays it.
create function public.daw_request_export(
  p_project uuid, p_key text, p_fingerprint text, p_options jsonb, p_plan jsonb)
returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
  v_me uuid := auth.uid();
  v_refusal jsonb;
  v_export public.daw_exports;
  v_snapshot jsonb;
begin
  v_refusal := private.refuse_enqueue(p_project, v_me);
  if v_refusal is not null then
    return v_refusal;
  end if;
  select * into v_export from public.daw_exports
  where requested_by = v_me and project_id = p_project and idempotency_key = p_key;
  if found then
    if v_export.fingerprint <> p_fingerprint then
      return private.refusal('idempotency_key_reused',
        'This key belongs to another export request; use a new key for a new request.');
    end if;
    return jsonb_build_object('id', v_export.id, 'status', v_export.status, 'replayed', true);
  end if;
  v_refusal := private.refuse_over_quota(v_me);
  if v_refusal is not null then
    return v_refusal;
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

-- The export, locked, if the caller is of its project's makers.
create function private.lock_my_export(p_id uuid) returns public.daw_exports
language sql security definer set search_path = '' as $$
  select e from public.daw_exports e
  where e.id = p_id and e.project_id = any (array(select private.my_editable_projects()))
    and private.account_role() = 'pro'
  for update
$$;

-- {id, status, cancelRequested}, or {refusal}. What waits is canceled at once; what runs, as soon as its worker hears.
create function public.cancel_export(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports := private.lock_my_export(p_id);
begin
  if v_export.id is null then
    return private.refusal('not_found', 'There is no such export, or it is not yours to cancel.');
  end if;
  perform private.acting('user:' || auth.uid(), 'canceled by its maker');
  if v_export.status = 'queued' then
    update public.daw_exports set status = 'canceled', completed_at = clock_timestamp(),
      cancel_requested = true where id = p_id returning * into v_export;
  elsif v_export.lease_expires_at is not null then
    update public.daw_exports set cancel_requested = true where id = p_id returning * into v_export;
  elsif v_export.status <> 'canceled' then
    return private.refusal('illegal_transition', format('The export is %s already.', v_export.status));
  end if;
  return jsonb_build_object('id', v_export.id, 'status', v_export.status,
    'cancelRequested', v_export.cancel_requested);
end
$$;

-- {id, status}, or {refusal}. The same snapshot and options again, with all attempts before it.
create function public.retry_export(p_id uuid) returns jsonb
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
  if v_export.status not in ('failed', 'canceled') then
    return private.refusal('illegal_transition',
      format('Only a failed or canceled export can be repeated; this one is %s.', v_export.status));
  end if;
  v_refusal := private.refuse_over_quota(v_export.requested_by);
  if v_refusal is not null then
    return v_refusal;
  end if;
  perform private.acting('user:' || auth.uid(), 'repeated by its maker');
  update public.daw_exports set status = 'queued', attempt = 0, available_at = clock_timestamp(),
    cancel_requested = false, error = null, started_at = null, completed_at = null
  where id = p_id returning * into v_export;
  return jsonb_build_object('id', v_export.id, 'status', v_export.status);
exception when lock_not_available then
  return private.refusal('idempotency_key_busy', 'Another request of yours is being handled right now.',
    '{"retryAfterSeconds": 1}');
end
$$;

-- At most one export, now rendering under a new lease token. Claims are serialised, so both limits are exact.
-- Order: the user with the fewest running, least recently served; then priority; then first come. Rows that others
-- have locked (a cancel, a request) are passed over, so that nobody's open transaction holds up the queue.
create function public.claim_export(
  p_worker text, p_slots integer, p_per_user integer, p_lease_seconds integer)
returns setof public.daw_exports
language plpgsql security definer set search_path = ''
-- Plain index scans mark the dead entries that they meet, which a queue makes all the time; bitmap scans meet them
-- again and again until the next vacuum.
set enable_bitmapscan = off set enable_seqscan = off as $$
declare
  v_now timestamptz;
  v_user uuid;
  v_id uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('claim_export', 0));
  if (select count(*) >= p_slots from public.daw_exports
      where status in ('rendering', 'encoding', 'uploading')) then
    return;
  end if;
  v_now := clock_timestamp();
  for v_user in
    select t.user_id
    from private.export_turns t
    left join (
      select requested_by, count(*) as n from public.daw_exports
      where status in ('rendering', 'encoding', 'uploading') group by requested_by
    ) running on running.requested_by = t.user_id
    where t.waiting and coalesce(running.n, 0) < p_per_user
    order by coalesce(running.n, 0), t.served_at nulls first,
      -- Only those who were never served are equal so far.
      case when t.served_at is null then (
        select e.priority from public.daw_exports e
        where e.requested_by = t.user_id and e.status = 'queued' order by e.priority desc limit 1)
      end desc nulls last, t.waiting_since
  loop
    perform from private.export_turns where user_id = v_user for update skip locked;
    continue when not found;
    select id into v_id from public.daw_exports
    where requested_by = v_user and status = 'queued' and available_at <= v_now
    order by priority desc, created_at, id limit 1
    for update skip locked;
    if not found then
      update private.export_turns set waiting = false
      where user_id = v_user and not exists (
        select from public.daw_exports where requested_by = v_user and status = 'queued');
      continue;
    end if;
    update private.export_turns set served_at = clock_timestamp() where user_id = v_user;
    perform private.acting('worker:' || p_worker, 'claimed');
    return query update public.daw_exports set
      status = 'rendering', attempt = attempt + 1, lease_token = lease_token + 1, worker = p_worker,
      lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds),
      progress = '{"stage": "rendering", "fraction": 0, "etaSeconds": null}',
      started_at = coalesce(started_at, clock_timestamp()), error = null
    where id = v_id returning *;
    return;
  end loop;
end
$$;

-- {ok, cancelRequested}: prolongs the lease and stores progress {fraction, etaSeconds}; ok = false: lease lost, stop.
create function public.heartbeat_export(
  p_id uuid, p_lease_token bigint, p_lease_seconds integer, p_progress jsonb)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_cancel boolean;
begin
  update public.daw_exports set
    lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds),
    progress = case when p_progress is null then progress else jsonb_build_object('stage', status,
      'fraction', least(1, greatest(0, coalesce((p_progress ->> 'fraction')::double precision, 0))),
      'etaSeconds', p_progress -> 'etaSeconds') end
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null
  returning cancel_requested into v_cancel;
  return jsonb_build_object('ok', found, 'cancelRequested', coalesce(v_cancel, false));
end
$$;

-- The next stage: encoding, then uploading. False: lease lost, stop.
create function public.advance_export(p_id uuid, p_lease_token bigint, p_to text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if p_to not in ('encoding', 'uploading') then
    raise exception 'a worker advances to encoding or uploading, not to %', p_to
      using errcode = 'invalid_parameter_value';
  end if;
  perform private.acting((select 'worker:' || worker from public.daw_exports where id = p_id), null);
  update public.daw_exports set status = p_to
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null;
  return found;
end
$$;

-- Ends the lease of a running export with `p_to` (queued, failed or canceled). Null: lease lost.
create function private.end_lease(p_id uuid, p_lease_token bigint, p_to text, p_actor text, p_reason text,
  p_error jsonb default null, p_after interval default '0', p_counts boolean default true)
returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_uploaded text;
begin
  select case when status = 'uploading' then format('exports/%s/%s/%s.', project_id, id, lease_token) end
  into v_uploaded from public.daw_exports
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null for update;
  if not found then
    return null;
  end if;
  perform private.acting(p_actor, p_reason);
  update public.daw_exports set
    status = p_to, lease_expires_at = null, worker = null, error = coalesce(p_error, error),
    attempt = case when p_counts then attempt else attempt - 1 end,
    available_at = clock_timestamp() + p_after,
    completed_at = case when p_to <> 'queued' then clock_timestamp() end
  where id = p_id;
  -- Whatever this lease has uploaded; the delay lets a worker that still uploads find out.
  if v_uploaded is not null then
    insert into private.orphaned_objects (key, is_prefix, due_at)
    values (v_uploaded, true, clock_timestamp() + interval '10 minutes');
  end if;
  return p_to;
end
$$;

-- True: completed (also when told again, after a lost answer). False: lease lost or canceled meanwhile; the worker
-- deletes what it has uploaded.
create function public.complete_export(p_id uuid, p_lease_token bigint, p_result jsonb, p_object_key text)
returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports;
begin
  select * into v_export from public.daw_exports where id = p_id and lease_token = p_lease_token for update;
  if not found then
    return false;
  end if;
  if p_object_key not like format('exports/%s/%s/%s.%%', v_export.project_id, p_id, p_lease_token) then
    raise exception 'object % does not belong to lease % of export %', p_object_key, p_lease_token, p_id
      using errcode = 'invalid_parameter_value';
  end if;
  if v_export.status = 'completed' then
    return v_export.object_key = p_object_key;
  end if;
  if v_export.lease_expires_at is null then
    return false;
  end if;
  if v_export.cancel_requested then
    perform private.end_lease(p_id, p_lease_token, 'canceled', 'worker:' || v_export.worker,
      'canceled by its maker');
    return false;
  end if;
  perform private.acting('worker:' || v_export.worker, null);
  update public.daw_exports set
    status = 'completed', lease_expires_at = null, worker = null, error = null, result = p_result,
    object_key = p_object_key, completed_at = clock_timestamp(),
    expires_at = clock_timestamp()
      + make_interval(secs => private.setting('export_retention_seconds', 30 * 24 * 60 * 60)),
    progress = '{"stage": "completed", "fraction": 1, "etaSeconds": 0}'
  where id = p_id;
  return true;
end
$$;

-- The new status: queued again after a backoff, failed, or canceled. Null: lease lost.
create function public.fail_export(
  p_id uuid, p_lease_token bigint, p_code text, p_message text, p_retryable boolean)
returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports;
  v_error jsonb := jsonb_build_object('code', p_code, 'message', p_message);
  v_actor text;
begin
  select * into v_export from public.daw_exports
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null for update;
  if not found then
    return null;
  end if;
  v_actor := 'worker:' || v_export.worker;
  if v_export.cancel_requested then
    return private.end_lease(p_id, p_lease_token, 'canceled', v_actor, 'canceled by its maker');
  end if;
  if p_retryable and v_export.attempt < v_export.max_attempts then
    return private.end_lease(p_id, p_lease_token, 'queued', v_actor, p_code, v_error,
      private.backoff(v_export.attempt));
  end if;
  return private.end_lease(p_id, p_lease_token, 'failed', v_actor, p_code, v_error);
end
$$;

-- Hands an export back (the worker shuts down) without counting the attempt. The new status, or null: lease lost.
create function public.release_export(p_id uuid, p_lease_token bigint) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports;
begin
  select * into v_export from public.daw_exports where id = p_id for update;
  if v_export.cancel_requested then
    return private.end_lease(p_id, p_lease_token, 'canceled', 'worker:' || v_export.worker,
      'canceled by its maker');
  end if;
  return private.end_lease(p_id, p_lease_token, 'queued', 'worker:' || v_export.worker, 'handed back',
    p_counts => false);
end
$$;

-- Expired leases return to the queue or, after the last attempt, fail; files and keys past their time go.
-- Returns how many exports changed. One at a time: a second caller returns 0 at once.
create function public.reap_exports() returns integer
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
    insert into private.orphaned_objects (key, is_prefix)
    values (format('exports/%s/%s/', v_export.project_id, v_export.id), true);
    v_changed := v_changed + 1;
  end loop;
  update public.daw_exports set idempotency_key = null
  where idempotency_key is not null and created_at < clock_timestamp() - interval '24 hours';
  return v_changed;
end
$$;

-- {objectKey, fileName, expiresAt}, or {refusal}, of an export that the caller sees.
create function public.daw_export_download(p_id uuid) returns jsonb
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
  from public.daw_exports where id = p_id;
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

revoke execute on function private.acting(text, text), private.refusal(text, text, jsonb),
  private.backoff(integer), private.refuse_enqueue(uuid, uuid), private.refuse_over_quota(uuid),
  private.lock_my_export(uuid),
  private.end_lease(uuid, bigint, text, text, text, jsonb, interval, boolean),
  public.daw_request_export(uuid, text, text, jsonb, jsonb), public.cancel_export(uuid),
  public.retry_export(uuid), public.daw_export_download(uuid),
  public.claim_export(text, integer, integer, integer),
  public.heartbeat_export(uuid, bigint, integer, jsonb), public.advance_export(uuid, bigint, text),
  public.complete_export(uuid, bigint, jsonb, text),
  public.fail_export(uuid, bigint, text, text, boolean), public.release_export(uuid, bigint),
  public.reap_exports()
  from public, anon, authenticated, service_role;
grant execute on function public.daw_request_export(uuid, text, text, jsonb, jsonb),
  public.cancel_export(uuid), public.retry_export(uuid) to authenticated;
grant execute on function private.refusal(text, text, jsonb), public.daw_export_download(uuid)
  to authenticated, service_role;
grant execute on function public.claim_export(text, integer, integer, integer),
  public.heartbeat_export(uuid, bigint, integer, jsonb), public.advance_export(uuid, bigint, text),
  public.complete_export(uuid, bigint, jsonb, text),
  public.fail_export(uuid, bigint, text, text, boolean), public.release_export(uuid, bigint),
  public.reap_exports() to service_role;
