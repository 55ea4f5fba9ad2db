-- What each export pays for, paid once: the same rules, said where the database keeps them planned.

-- Its rules are in enqueue_export's ways in below.
drop trigger guard_size on public.daw_exports;
drop function private.guard_export_size();

-- -------------------------------------------------------------------------------------------- snapshot

-- As before, as text: nobody in the database looks into it, and to make jsonb of jsonb was most of the work.
drop function public.daw_project_snapshot(uuid);
create function public.daw_project_snapshot(p_project uuid) returns json
language plpgsql stable set search_path = '' as $$
begin
  return (select json_build_object(
    'project', json_build_object(
      'id', p.id, 'name', p.name, 'ownerId', p.owner_id, 'seq', p.seq, 'epoch', p.epoch, 'tempo', p.tempo,
      'sampleRate', p.sample_rate, 'isDemo', p.is_demo, 'createdAt', private.iso(p.created_at),
      'updatedAt', private.iso(p.updated_at)),
    -- The service stands in for the owner.
    'role', coalesce((select m.role from public.daw_project_members m
      where m.project_id = p.id and m.user_id = auth.uid()), 'owner'),
    'tracks', coalesce((select json_agg(json_build_object(
        'id', t.id, 'projectId', t.project_id, 'name', t.name, 'position', t.position, 'color', t.color,
        'gainDb', t.gain_db, 'pan', t.pan, 'muted', t.muted, 'soloed', t.soloed) order by t.position)
      from public.daw_tracks t where t.project_id = p.id), '[]'),
    'clips', coalesce((select json_agg(json_build_object(
        'id', c.id, 'projectId', c.project_id, 'trackId', c.track_id, 'assetId', c.asset_id,
        'startFrame', c.start_frame, 'offsetFrames', c.offset_frames, 'lengthFrames', c.length_frames,
        'gainDb', c.gain_db) order by c.track_id, c.start_frame, c.id)
      from public.daw_clips c where c.project_id = p.id), '[]'),
    'assets', coalesce((select json_agg(json_build_object(
        'id', a.id, 'projectId', a.project_id, 'name', a.name, 'channels', a.channels,
        'sampleRate', a.sample_rate, 'frames', a.frames, 'sourceFormat', a.source_format,
        'sourceSampleRate', a.source_sample_rate, 'bytes', a.bytes, 'sha256', a.sha256,
        'createdAt', private.iso(a.created_at)) order by a.created_at, a.id)
      from public.daw_assets a where a.project_id = p.id), '[]'),
    'plugins', coalesce((select json_agg(json_build_object(
        'id', g.id, 'projectId', g.project_id, 'trackId', g.track_id, 'position', g.position,
        'catalogId', g.catalog_id, 'version', g.version, 'integrity', g.integrity, 'params', g.params,
        'state', g.state, 'bypassed', g.bypassed, 'mix', g.mix, 'fence', g.fence,
        'createdAt', private.iso(g.created_at), 'updatedAt', private.iso(g.updated_at))
        order by g.track_id, g.position)
      from public.daw_plugins g where g.project_id = p.id), '[]'))
  from public.daw_projects p
  where p.id = p_project);
end
$$;
drop trigger frozen on public.daw_exports;
alter table public.daw_exports alter column snapshot type json using snapshot::json;
create trigger frozen before update of snapshot, snapshot_seq, options, fingerprint on public.daw_exports
  for each row execute function private.refuse_other_export();

-- As before; json has no equality of its own.
create or replace function private.refuse_other_export() returns trigger
language plpgsql set search_path = '' as $$
begin
  if (new.snapshot::text, new.snapshot_seq, new.options, new.fingerprint)
    is distinct from (old.snapshot::text, old.snapshot_seq, old.options, old.fingerprint)
  then
    raise exception 'what export % was asked for cannot change', old.id
      using errcode = 'check_violation', constraint = 'daw_exports_frozen';
  end if;
  return new;
end
$$;

-- -------------------------------------------------------------------------------------- what may be stored

-- Checks of a table are read, planned and run anew with each statement, and an export is written to five times in its
-- life: here they cost a quarter of each. In the guard they are planned once per connection, and name themselves as before.
alter table public.daw_exports
  drop constraint daw_exports_idempotency_key_check, drop constraint daw_exports_status_check,
  drop constraint daw_exports_attempt_check, drop constraint daw_exports_max_attempts_check,
  drop constraint daw_exports_lease, drop constraint daw_exports_result, drop constraint daw_exports_error,
  drop constraint daw_exports_peaks_small, drop constraint daw_exports_content_key_shape;

-- Whoever was served longest ago is found without a look at the others. Among those who were never served the most
-- urgent comes first; how urgent stays as it was also where that export was canceled meanwhile.
alter table private.export_turns add column priority integer not null default 0;
drop index private.export_turns_waiting;
create index export_turns_waiting on private.export_turns (served_at nulls first, priority desc, waiting_since)
  where waiting;

drop trigger record_event on public.daw_exports;
drop function private.record_export_event();

-- As before, with what were checks of the table, and with the history: one trigger where there were three. Before the
-- write, since nothing that comes after it can say no and let the transaction live. Whoever shows exports listens on
-- daw_exports (each change) and daw_export_progress; whoever works on them on daw_export_queue, where only what
-- concerns them is told: an export that waits or that somebody wants to stop by its id, room by the name of the worker
-- that had it.
create or replace function private.guard_export() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_from text;
  v_left boolean := false;
  v_broken text;
  v_waiting boolean := false;
  -- An assignment is evaluated as it stands, where PERFORM would be a query.
  v_void text;
begin
  if tg_op = 'UPDATE' then
    v_from := old.status;
    v_left := old.lease_expires_at is not null and new.lease_expires_at is null;
    new.updated_at := clock_timestamp();
    if new.lease_token < old.lease_token then
      raise exception 'the lease token of export % cannot go back', old.id using errcode = 'check_violation';
    elsif new.status <> v_from and not private.export_may_become(v_from, new.status) then
      raise exception 'export % cannot become % from %', old.id, new.status, v_from
        using errcode = 'check_violation', constraint = 'daw_exports_transition';
    elsif new.status = 'queued' then
      if v_from <> 'queued' then
        new.progress := '{"stage": "queued", "fraction": 0, "etaSeconds": null}';
      end if;
    else
      new.progress := case
        when new.attempt = old.attempt
          and (new.progress ->> 'fraction')::double precision < (old.progress ->> 'fraction')::double precision
          then new.progress || jsonb_build_object('stage', new.status, 'fraction', old.progress -> 'fraction')
        when new.status <> v_from then new.progress || jsonb_build_object('stage', new.status)
        else new.progress
      end;
    end if;
  else
    if new.status <> 'queued' then
      raise exception 'an export begins as queued, not as %', new.status using errcode = 'check_violation';
    end if;
    -- A request holds it already.
    v_void := pg_advisory_xact_lock(hashtextextended('daw_exports of ' || new.requested_by, 0));
  end if;
  v_broken := case
    when (new.status in ('rendering', 'encoding', 'uploading')) <> (new.lease_expires_at is not null)
      then 'daw_exports_lease'
    when new.status in ('completed', 'expired', 'revoked') and (new.result is null or new.object_key is null)
      then 'daw_exports_result'
    when new.status = 'failed' and new.error is null then 'daw_exports_error'
    when new.attempt < 0 then 'daw_exports_attempt_check'
    when new.max_attempts < 1 then 'daw_exports_max_attempts_check'
    -- Counting in the expression would cost ten times as much.
    when v_from is null and (char_length(new.idempotency_key) not between 16 and 128
      or new.idempotency_key ~ '[^A-Za-z0-9._:-]') then 'daw_exports_idempotency_key_check'
  end;
  if v_broken is not null then
    raise exception 'export % violates %', new.id, v_broken
      using errcode = 'check_violation', constraint = v_broken;
  end if;

  if v_from is distinct from new.status then
    -- Actor and reason come from the function that makes the change, by settings of its transaction.
    insert into public.daw_export_events
      (export_id, project_id, from_status, to_status, attempt, reason, actor)
    values (new.id, new.project_id, v_from, new.status, new.attempt,
      nullif(current_setting('mixdown.reason', true), ''),
      case current_setting('mixdown.actor', true)
        -- Whoever holds it.
        when 'worker' then 'worker:' || coalesce(new.worker, old.worker)
        else coalesce(nullif(current_setting('mixdown.actor', true), ''), 'user:' || auth.uid(), 'service')
      end)
    returning v_from is null and exists (
      select from private.export_turns
      where user_id = new.requested_by and waiting and (served_at is not null or priority >= new.priority))
    into v_waiting;
    v_void := pg_notify('daw_exports', new.id::text);
    -- There is something to claim, or room for it; whose room it was knows so.
    if v_left then
      v_void := pg_notify('daw_export_queue', coalesce(old.worker, ''));
    elsif new.status = 'queued' then
      v_void := pg_notify('daw_export_queue', new.id::text);
    end if;
    -- Whoever adds an export holds its user's queue until the end of the transaction, and so does a claim that finds
    -- nobody waiting: where a turn is waiting already, there is nothing to write.
    if new.status = 'queued' and not v_waiting then
      -- Locks the row also where there is nothing to change, so that a claim cannot set it to false meanwhile.
      insert into private.export_turns (user_id, waiting, priority) values (new.requested_by, true, new.priority)
      on conflict (user_id) do update set waiting = true,
        waiting_since = case when export_turns.waiting then export_turns.waiting_since else clock_timestamp() end,
        priority = case when export_turns.waiting then greatest(export_turns.priority, new.priority)
          else new.priority end
      where not export_turns.waiting or export_turns.priority < new.priority;
    end if;
  elsif new.cancel_requested is distinct from old.cancel_requested then
    v_void := pg_notify('daw_exports', new.id::text);
    v_void := pg_notify('daw_export_queue', new.id::text);
  elsif new.progress is distinct from old.progress then
    v_void := pg_notify('daw_export_progress', new.id::text);
  end if;
  return new;
end
$$;

-- What only a few writes set is checked only where it is set.
create function private.guard_export_file() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_broken text := case
    when octet_length(new.peaks::text) > 16384 then 'daw_exports_peaks_small'
    when new.content_key !~ '^[0-9a-f]{64}$' then 'daw_exports_content_key_shape'
    when new.idempotency_key is not null and new.idempotency_key is distinct from old.idempotency_key
      then 'daw_exports_idempotency_key_check'
  end;
begin
  if v_broken is not null then
    raise exception 'export % violates %', new.id, v_broken
      using errcode = 'check_violation', constraint = v_broken;
  end if;
  return new;
end
$$;
create trigger guard_file before update of peaks, content_key, idempotency_key on public.daw_exports
  for each row execute function private.guard_export_file();

-- --------------------------------------------------------------------------------------------- history

-- Only the guard adds to the history, and it adds to what it was called for: a foreign key would look that up
-- again with each event. What goes takes its history along (orphan_export_objects).
alter table public.daw_export_events
  drop constraint daw_export_events_export, drop constraint daw_export_events_pkey;
drop index public.daw_export_events_export;
alter table public.daw_export_events add primary key (export_id, id);

create or replace function private.orphan_export_objects() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into private.orphaned_objects (key, is_prefix, due_at)
  select format('exports/%s/%s/', project_id, id), true,
    clock_timestamp() + case when lease_expires_at is null then interval '0' else interval '10 minutes' end
  from gone where lease_token > 0;
  delete from public.daw_export_events where export_id in (select id from gone);
  return null;
end
$$;

-- ------------------------------------------------------------------------------------------ requesting

-- Takes the user's queue for this transaction, waiting at most 2 s for it; false: somebody else has it still.
create function private.wait_for_queue(p_user uuid) returns boolean
language plpgsql set search_path = '' set lock_timeout = '2s' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('daw_exports of ' || p_user, 0));
  return true;
exception when lock_not_available then
  return false;
end
$$;

-- Raises what stands against an export of such a size. The API says the same in words before it comes here
-- (apps/api/src/exports/preflight.ts), and counts tails as well; this holds for every way in.
create function private.refuse_export_size(p_options jsonb, p_plan jsonb, p_snapshot jsonb) returns void
language plpgsql stable set search_path = '' as $$
declare
  v_rate numeric := coalesce((p_snapshot -> 'project' ->> 'sampleRate')::numeric, 48000);
  v_end numeric;
  v_tracks bigint;
  v_most_seconds bigint;
  -- Seconds of tracks at 48 kHz.
  v_most_work bigint;
begin
  if jsonb_typeof(p_options) is distinct from 'object'
    or coalesce(p_options ->> 'format', 'wav') not in ('wav', 'flac', 'mp3', 'opus')
    or octet_length(p_options::text) > 4096 or octet_length(p_plan::text) > 65536
  then
    raise exception 'these are no options of an export'
      using errcode = 'check_violation', constraint = 'daw_exports_options';
  end if;
  select max((clip ->> 'startFrame')::numeric + (clip ->> 'lengthFrames')::numeric),
    coalesce((select (value #>> '{}')::bigint from private.settings where key = 'export_most_seconds'), 60 * 60),
    coalesce((select (value #>> '{}')::bigint from private.settings where key = 'export_most_track_seconds'),
      32 * 60 * 60)
  into v_end, v_most_seconds, v_most_work
  from jsonb_array_elements(coalesce(p_snapshot -> 'clips', '[]')) clip;
  -- As the renderer takes it: a range is rendered to its end, wherever the song ends.
  if p_options -> 'range' ->> 'kind' = 'frames' then
    v_end := (p_options -> 'range' ->> 'endFrame')::numeric - (p_options -> 'range' ->> 'startFrame')::numeric;
  end if;
  if v_end > v_most_seconds * v_rate then
    raise exception 'the file could last % minutes, and % is the most', ceil(v_end / v_rate / 60), v_most_seconds / 60
      using errcode = 'check_violation', constraint = 'daw_exports_size';
  end if;
  -- A project has 64 tracks at most: of what is short enough for all of them, nobody needs to count them.
  if v_end * 64 > v_most_work * 48000::numeric then
    select count(distinct clip ->> 'trackId') into v_tracks
    from jsonb_array_elements(coalesce(p_snapshot -> 'clips', '[]')) clip;
    if v_end * v_tracks > v_most_work * 48000::numeric then
      raise exception '% tracks of % minutes are too much for one export', v_tracks, ceil(v_end / v_rate / 60)
        using errcode = 'check_violation', constraint = 'daw_exports_work';
    end if;
  end if;
end
$$;

-- As before. One look says whether anything stands against it, and nearly always nothing does; what it is, the
-- functions that know the words find out.
create function private.enqueue_export(
  p_project uuid, p_key text, p_fingerprint text, p_options jsonb, p_plan jsonb, p_snapshot json,
  p_name text, p_seq bigint)
returns jsonb
language plpgsql security definer set search_path = '' set enable_bitmapscan = off as $$
declare
  v_me uuid := auth.uid();
  v_answer jsonb;
  v_id uuid;
  v_void text;
begin
  -- Nearly always the queue is free, and all is judged once. Where it is not, a replay need not wait for it.
  if not pg_try_advisory_xact_lock(hashtextextended('daw_exports of ' || v_me, 0)) then
    v_answer := coalesce(private.refuse_exporting(p_project, v_me),
      private.replay_export(p_project, p_key, p_fingerprint));
    if v_answer is not null then
      return v_answer;
    end if;
    if not private.wait_for_queue(v_me) then
      return private.refusal('idempotency_key_busy', 'The same request is being handled right now.',
        '{"retryAfterSeconds": 1}');
    end if;
  end if;
  v_void := set_config('mixdown.actor', 'user:' || v_me, true) || set_config('mixdown.reason', 'requested', true);
  loop
    insert into public.daw_exports (project_id, project_name, requested_by, idempotency_key, fingerprint,
      snapshot, snapshot_seq, options, plan)
    select p_project, p_name, v_me, p_key, p_fingerprint, p_snapshot, p_seq, p_options, p_plan
    from public.daw_project_members m
    where m.project_id = p_project and m.user_id = v_me and m.role in ('owner', 'editor')
      and private.account_role() = 'pro'
      and not exists (select from public.daw_export_suspensions where user_id = v_me)
      and not exists (select from public.daw_exports
        where requested_by = v_me and project_id = p_project and idempotency_key = p_key)
      and (select count(*) from public.daw_exports where requested_by = v_me and status = 'queued')
        < coalesce((select (value #>> '{}')::bigint from private.settings where key = 'export_queued_per_user'), 10)
    returning id into v_id;
    exit when v_id is not null;
    v_answer := coalesce(private.refuse_exporting(p_project, v_me),
      private.replay_export(p_project, p_key, p_fingerprint), private.refuse_over_quota(v_me));
    if v_answer is not null then
      return v_answer;
    end if;
    -- What stood against it has gone between the two looks: one of theirs was claimed, say.
  end loop;
  return jsonb_build_object('id', v_id, 'status', 'queued', 'replayed', false);
end
$$;

-- As before: the project as it is now. Who calls this and not the API is held to the same size of an export.
create or replace function public.daw_request_export(
  p_project uuid, p_key text, p_fingerprint text, p_options jsonb, p_plan jsonb)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_snapshot json := public.daw_project_snapshot(p_project);
  v_answer jsonb := private.enqueue_export(p_project, p_key, p_fingerprint, p_options, p_plan, v_snapshot,
    v_snapshot -> 'project' ->> 'name', (v_snapshot -> 'project' ->> 'seq')::bigint);
begin
  -- Last, so that nothing is said about the project of somebody else. Raising takes the row back.
  if v_answer -> 'replayed' = 'false' then
    perform private.refuse_export_size(p_options, p_plan, v_snapshot::jsonb);
  end if;
  return v_answer;
end
$$;

-- ---------------------------------------------------------------------------------------------- working

-- As before, in two statements.
create or replace function public.claim_export(
  p_worker text, p_slots integer, p_per_user integer, p_lease_seconds integer)
returns setof public.daw_exports
language plpgsql security definer set search_path = ''
-- Plain index scans mark the dead entries that they meet, which a queue makes all the time; bitmap scans meet them
-- again and again until the next vacuum.
set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off as $$
declare
  v_user uuid;
  v_served timestamptz;
  v_passed uuid[] := '{}';
  v_void text := pg_advisory_xact_lock(hashtextextended('claim_export', 0));
begin
  v_void := set_config('mixdown.actor', 'worker', true) || set_config('mixdown.reason', 'claimed', true);
  loop
    v_user := null;
    -- Nearly always somebody waits of whom nothing runs: in the order in which they were served, the first one will do.
    update private.export_turns t set served_at = clock_timestamp()
    from (
      select f.user_id, f.served_at
      from private.export_turns f
      where f.waiting and f.user_id <> all (v_passed) and p_per_user > 0
        and (select count(*) from public.daw_exports where status in ('rendering', 'encoding', 'uploading')) < p_slots
        and not exists (
          select from public.daw_exports e
          where e.requested_by = f.user_id and e.status in ('rendering', 'encoding', 'uploading'))
      order by f.served_at nulls first, f.priority desc, f.waiting_since
      limit 1 for update skip locked) next
    where t.user_id = next.user_id
    returning next.user_id, next.served_at into v_user, v_served;
    if not found and p_per_user > 1 and exists (select from private.export_turns where waiting) then
      with running as materialized (
        select requested_by, count(*) as n from public.daw_exports
        where status in ('rendering', 'encoding', 'uploading') group by requested_by
      )
      update private.export_turns t set served_at = clock_timestamp()
      from (
        select f.user_id, f.served_at
        from running join private.export_turns f on f.user_id = running.requested_by
        where f.waiting and running.n < p_per_user and f.user_id <> all (v_passed)
          and (select sum(n) from running) < p_slots
        order by running.n, f.served_at nulls first, f.priority desc, f.waiting_since
        limit 1 for update of f skip locked) next
      where t.user_id = next.user_id
      returning next.user_id, next.served_at into v_user, v_served;
    end if;
    exit when v_user is null;
    return query update public.daw_exports set
      status = 'rendering', attempt = attempt + 1, lease_token = lease_token + 1, worker = p_worker,
      lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds),
      progress = '{"stage": "rendering", "fraction": 0, "etaSeconds": null}',
      started_at = coalesce(started_at, clock_timestamp()), error = null
    where id = (
      select id from public.daw_exports
      where requested_by = v_user and status = 'queued' and available_at <= clock_timestamp()
      order by priority desc, created_at, id limit 1
      for update skip locked)
    returning *;
    exit when found;
    -- Passed over, in their place. Who has nothing waiting at all waits no longer, unless a request of theirs is on its
    -- way, which holds their queue, or has come before we did.
    v_passed := v_passed || v_user;
    update private.export_turns set served_at = v_served where user_id = v_user;
    if pg_try_advisory_xact_lock(hashtextextended('daw_exports of ' || v_user, 0)) then
      update private.export_turns set waiting = false
      where user_id = v_user and not exists (
        select from public.daw_exports where requested_by = v_user and status = 'queued');
    end if;
  end loop;
end
$$;

-- As before, in one statement.
create or replace function public.advance_export(p_id uuid, p_lease_token bigint, p_to text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_void text := set_config('mixdown.actor', 'worker', true) || set_config('mixdown.reason', '', true);
begin
  if p_to not in ('encoding', 'uploading') then
    raise exception 'a worker advances to encoding or uploading, not to %', p_to
      using errcode = 'invalid_parameter_value';
  end if;
  update public.daw_exports set status = p_to
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null;
  return found;
end
$$;

-- As before; what nearly always holds is one statement, and the rest finds out why it did not.
create or replace function public.complete_export(p_id uuid, p_lease_token bigint, p_result jsonb, p_object_key text)
returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_export public.daw_exports;
  v_void text := set_config('mixdown.actor', 'worker', true) || set_config('mixdown.reason', '', true);
begin
  update public.daw_exports set
    status = 'completed', lease_expires_at = null, worker = null, error = null, result = p_result,
    object_key = p_object_key, completed_at = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => coalesce(
      (select (value #>> '{}')::bigint from private.settings where key = 'export_retention_seconds'),
      30 * 24 * 60 * 60)),
    progress = '{"stage": "completed", "fraction": 1, "etaSeconds": 0}'
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null and not cancel_requested
    and starts_with(p_object_key, 'exports/' || project_id || '/' || id || '/' || lease_token || '.');
  if found then
    return true;
  end if;
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
  if v_export.lease_expires_at is not null and v_export.cancel_requested then
    perform private.end_lease(p_id, p_lease_token, 'canceled', 'worker:' || v_export.worker,
      'canceled by its maker');
  end if;
  return false;
end
$$;

revoke execute on function public.daw_project_snapshot(uuid), private.guard_export_file(),
  private.wait_for_queue(uuid), private.refuse_export_size(jsonb, jsonb, jsonb),
  private.enqueue_export(uuid, text, text, jsonb, jsonb, json, text, bigint)
  from public, anon, authenticated, service_role;
grant execute on function public.daw_project_snapshot(uuid) to authenticated, service_role;
