-- What a worker waits for between the word that there is work and having it: the same rules, in fewer looks.

-- A snapshot is written once and read by the one that renders it. Postgres' own compression takes longer than
-- everything else that queues an export does.
do $$
begin
  if 'lz4' = any (select unnest(enumvals) from pg_settings where name = 'default_toast_compression') then
    alter table public.daw_exports alter column snapshot set compression lz4;
  else
    alter table public.daw_exports alter column snapshot set storage external;
  end if;
end
$$;

-- As before, as one list: what an expression consists of is set up anew in each transaction.
create or replace function private.export_may_become(p_from text, p_to text) returns boolean
language sql immutable
return p_from || '>' || p_to in (
  'queued>rendering', 'queued>canceled', 'queued>failed',
  'rendering>encoding', 'rendering>queued', 'rendering>failed', 'rendering>canceled',
  'encoding>uploading', 'encoding>queued', 'encoding>failed', 'encoding>canceled',
  'uploading>completed', 'uploading>queued', 'uploading>failed', 'uploading>canceled',
  'completed>expired', 'completed>revoked', 'expired>queued', 'failed>queued', 'canceled>queued');

-- As before. What only some changes need is asked in a branch of theirs. Whether a turn waits already is a statement of
-- its own: as a part of the one that adds to the history it had that one planned anew each time.
create or replace function private.guard_export() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_from text;
  v_left boolean := false;
  v_actor text;
  v_broken text;
  -- An assignment is evaluated as it stands, where PERFORM would be a query.
  v_void text;
begin
  if tg_op = 'UPDATE' then
    v_from := old.status;
    new.updated_at := clock_timestamp();
    if new.lease_token < old.lease_token then
      raise exception 'the lease token of export % cannot go back', old.id using errcode = 'check_violation';
    end if;
    if new.status <> v_from then
      if not private.export_may_become(v_from, new.status) then
        raise exception 'export % cannot become % from %', old.id, new.status, v_from
          using errcode = 'check_violation', constraint = 'daw_exports_transition';
      end if;
      v_left := old.lease_expires_at is not null and new.lease_expires_at is null;
      if new.status = 'queued' then
        new.progress := '{"stage": "queued", "fraction": 0, "etaSeconds": null}';
      elsif new.progress ->> 'stage' is distinct from new.status then
        new.progress := new.progress || jsonb_build_object('stage', new.status);
      end if;
    end if;
    if new.attempt = old.attempt then
      if new.status <> 'queued'
        and (new.progress ->> 'fraction')::double precision < (old.progress ->> 'fraction')::double precision
      then
        new.progress := new.progress
          || jsonb_build_object('stage', new.status, 'fraction', old.progress -> 'fraction');
      end if;
    end if;
  else
    if new.status <> 'queued' then
      raise exception 'an export begins as queued, not as %', new.status using errcode = 'check_violation';
    end if;
    -- Counting in the expression would cost ten times as much.
    if char_length(new.idempotency_key) not between 16 and 128 or new.idempotency_key ~ '[^A-Za-z0-9._:-]' then
      v_broken := 'daw_exports_idempotency_key_check';
    end if;
    -- A request holds it already.
    v_void := pg_advisory_xact_lock(hashtextextended('daw_exports of ' || new.requested_by, 0));
  end if;
  if (new.status in ('rendering', 'encoding', 'uploading')) <> (new.lease_expires_at is not null) then
    v_broken := 'daw_exports_lease';
  elsif new.attempt < 0 or new.max_attempts < 1 then
    v_broken := case when new.attempt < 0 then 'daw_exports_attempt_check' else 'daw_exports_max_attempts_check' end;
  elsif new.status in ('completed', 'expired', 'revoked') then
    if new.result is null or new.object_key is null then
      v_broken := 'daw_exports_result';
    end if;
  elsif new.status = 'failed' and new.error is null then
    v_broken := 'daw_exports_error';
  end if;
  if v_broken is not null then
    raise exception 'export % violates %', new.id, v_broken
      using errcode = 'check_violation', constraint = v_broken;
  end if;

  if v_from is distinct from new.status then
    -- Actor and reason come from the function that makes the change, by settings of its transaction.
    v_actor := current_setting('mixdown.actor', true);
    if v_actor = 'worker' then
      -- Whoever holds it.
      v_actor := 'worker:' || coalesce(new.worker, old.worker);
    else
      v_actor := coalesce(nullif(v_actor, ''), 'user:' || auth.uid(), 'service');
    end if;
    insert into public.daw_export_events
      (export_id, project_id, from_status, to_status, attempt, reason, actor)
    values (new.id, new.project_id, v_from, new.status, new.attempt,
      nullif(current_setting('mixdown.reason', true), ''), v_actor);
    v_void := pg_notify('daw_exports', new.id::text);
    if v_left then
      -- There is room; whose room it was knows so.
      v_void := pg_notify('daw_export_queue', coalesce(old.worker, ''));
    elsif new.status = 'queued' then
      v_void := pg_notify('daw_export_queue', new.id::text);
    end if;
    if new.status = 'queued' then
      -- Whoever adds an export holds its user's queue until the end of the transaction, and so does a claim that finds
      -- nobody waiting: where a turn is waiting already, there is nothing to write.
      if v_from is not null or not exists (
        select from private.export_turns
        where user_id = new.requested_by and waiting and (served_at is not null or priority >= new.priority))
      then
        -- Locks the row also where there is nothing to change, so that a claim cannot set it to false meanwhile.
        insert into private.export_turns (user_id, waiting, priority) values (new.requested_by, true, new.priority)
        on conflict (user_id) do update set waiting = true,
          waiting_since = case when export_turns.waiting then export_turns.waiting_since else clock_timestamp() end,
          priority = case when export_turns.waiting then greatest(export_turns.priority, new.priority)
            else new.priority end
        where not export_turns.waiting or export_turns.priority < new.priority;
      end if;
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

-- As before; who runs now is read once.
create or replace function public.claim_export(
  p_worker text, p_slots integer, p_per_user integer, p_lease_seconds integer)
returns setof public.daw_exports
language plpgsql security definer set search_path = ''
-- Plain index scans mark the dead entries that they meet, which a queue makes all the time; bitmap scans meet them
-- again and again until the next vacuum. Where a plan must do what is ruled out, its cost looks immense, and a server
-- that can compile plans would compile it at each call, for a third of a second.
set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off set jit = off as $$
declare
  v_user uuid;
  v_served timestamptz;
  -- One entry for each that runs.
  v_running uuid[];
  v_passed uuid[] := '{}';
  v_void text := pg_advisory_xact_lock(hashtextextended('claim_export', 0));
begin
  v_running := array(
    select requested_by from public.daw_exports where status in ('rendering', 'encoding', 'uploading'));
  if cardinality(v_running) >= p_slots or p_per_user < 1 then
    return;
  end if;
  v_void := set_config('mixdown.actor', 'worker', true) || set_config('mixdown.reason', 'claimed', true);
  loop
    v_user := null;
    -- Nearly always somebody waits of whom nothing runs: in the order in which they were served, the first one will do.
    update private.export_turns t set served_at = clock_timestamp()
    from (
      select f.user_id, f.served_at
      from private.export_turns f
      where f.waiting and f.user_id <> all (v_running) and f.user_id <> all (v_passed)
      order by f.served_at nulls first, f.priority desc, f.waiting_since
      limit 1 for update skip locked) next
    where t.user_id = next.user_id
    returning next.user_id, next.served_at into v_user, v_served;
    if not found and p_per_user > 1 and cardinality(v_running) > 0 then
      update private.export_turns t set served_at = clock_timestamp()
      from (
        select f.user_id, f.served_at
        from (select r as user_id, count(*) as n from unnest(v_running) r group by r) running
        join private.export_turns f using (user_id)
        where f.waiting and running.n < p_per_user and f.user_id <> all (v_passed)
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

-- For the same reason.
alter function private.refuse_over_quota(uuid) set jit = off;

-- As before, with another way to look for the key.
create or replace function private.enqueue_export(
  p_project uuid, p_key text, p_fingerprint text, p_options jsonb, p_plan jsonb, p_snapshot json,
  p_name text, p_seq bigint)
returns jsonb
language plpgsql security definer set search_path = ''
set enable_bitmapscan = off set enable_seqscan = off set jit = off as $$
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
      -- Said in a way that only the key's own index can answer: for all that Postgres knows of a young table, any index
      -- with the project in it will do, and a project that has been exported 500 times would be looked through.
      and not exists (select from public.daw_exports
        where (requested_by, project_id, idempotency_key) >= (v_me, p_project, p_key)
          and (requested_by, project_id, idempotency_key) <= (v_me, p_project, p_key))
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
