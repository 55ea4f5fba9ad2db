-- Plugins in their chains, exports, and what belongs to them: locks, export events, shares, suspensions, audit.

-- ---------------------------------------------------------------------------------------------- tables

create table public.daw_plugins (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  track_id uuid not null,
  position integer not null constraint daw_plugins_position_range check (position between 0 and 15),
  catalog_id text not null check (char_length(catalog_id) between 1 and 100),
  version text not null,
  integrity text not null,
  params jsonb not null default '{}' check (jsonb_typeof(params) = 'object'),
  -- The plugin's own, opaque: base64 as it was given.
  state text check (octet_length(state) <= 1400000),
  bypassed boolean not null default false,
  mix double precision not null default 1 check (mix between 0 and 1),
  -- Grows with every change of lock holder and is never reset.
  fence bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint daw_plugins_order unique (track_id, position) deferrable initially deferred,
  constraint daw_plugins_in_project unique (project_id, id),
  constraint daw_plugins_track foreign key (project_id, track_id)
    references public.daw_tracks (project_id, id) on delete cascade
);
create index daw_plugins_track on public.daw_plugins (project_id, track_id, position);
create index daw_plugins_catalog on public.daw_plugins (catalog_id, version);

-- Who holds a plugin: a lease of a tab's session. The fence itself stands on the plugin.
create table public.daw_plugin_locks (
  plugin_id uuid primary key,
  project_id uuid not null,
  session_id text not null check (char_length(session_id) between 1 and 100),
  user_id uuid not null references auth.users (id) on delete cascade,
  fence bigint not null,
  acquired_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  constraint daw_plugin_locks_plugin foreign key (project_id, plugin_id)
    references public.daw_plugins (project_id, id) on delete cascade
);
create index daw_plugin_locks_project on public.daw_plugin_locks (project_id);
create index daw_plugin_locks_session on public.daw_plugin_locks (session_id);
create index daw_plugin_locks_expiry on public.daw_plugin_locks (expires_at);

-- State table and queue in one.
create table public.daw_exports (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  project_name text not null,
  requested_by uuid not null references auth.users (id) on delete cascade,
  idempotency_key text check (idempotency_key ~ '^[A-Za-z0-9._:-]{16,128}$'),
  fingerprint text not null,
  snapshot jsonb not null,
  snapshot_seq bigint not null,
  options jsonb not null,
  plan jsonb not null default '{}',
  status text not null default 'queued' check (status in ('queued', 'rendering', 'encoding', 'uploading',
    'completed', 'failed', 'canceled', 'expired', 'revoked')),
  priority integer not null default 0,
  progress jsonb not null default '{"stage": "queued", "fraction": 0, "etaSeconds": null}',
  attempt integer not null default 0 check (attempt >= 0),
  max_attempts integer not null default 3 check (max_attempts >= 1),
  available_at timestamptz not null default clock_timestamp(),
  worker text,
  lease_token bigint not null default 0,
  lease_expires_at timestamptz,
  cancel_requested boolean not null default false,
  object_key text,
  result jsonb,
  error jsonb,
  reviewed_by uuid,
  quarantined_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  completed_at timestamptz,
  expires_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  constraint daw_exports_in_project unique (project_id, id),
  constraint daw_exports_key unique (requested_by, project_id, idempotency_key),
  constraint daw_exports_lease check
    ((status in ('rendering', 'encoding', 'uploading')) = (lease_expires_at is not null)),
  constraint daw_exports_result check
    (status not in ('completed', 'expired', 'revoked') or (result is not null and object_key is not null)),
  constraint daw_exports_error check (status <> 'failed' or error is not null)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index daw_exports_project on public.daw_exports (project_id, created_at desc);
create index daw_exports_status on public.daw_exports (status, created_at desc);
create index daw_exports_queue on public.daw_exports (requested_by, priority desc, created_at, id)
  where status = 'queued';
create index daw_exports_running on public.daw_exports (requested_by, lease_expires_at)
  where status in ('rendering', 'encoding', 'uploading');
create index daw_exports_expiry on public.daw_exports (expires_at) where status = 'completed';
create index daw_exports_key_age on public.daw_exports (created_at) where idempotency_key is not null;

create table public.daw_export_events (
  id bigint generated always as identity primary key,
  export_id uuid not null,
  project_id uuid not null,
  from_status text,
  to_status text not null,
  at timestamptz not null default clock_timestamp(),
  attempt integer not null,
  reason text,
  -- user:<id>, worker:<name> or service
  actor text not null,
  constraint daw_export_events_export foreign key (project_id, export_id)
    references public.daw_exports (project_id, id) on delete cascade
);
create index daw_export_events_export on public.daw_export_events (project_id, export_id, id);

-- Whom an export is shown to besides those who make the project; without a user: every client of the project.
create table public.daw_export_shares (
  id uuid primary key default gen_random_uuid(),
  export_id uuid not null,
  project_id uuid not null,
  user_id uuid references auth.users (id) on delete cascade,
  shared_by uuid default auth.uid() references auth.users (id) on delete set null,
  created_at timestamptz not null default clock_timestamp(),
  constraint daw_export_shares_once unique nulls not distinct (export_id, user_id),
  constraint daw_export_shares_export foreign key (project_id, export_id)
    references public.daw_exports (project_id, id) on delete cascade
);
create index daw_export_shares_user on public.daw_export_shares (user_id, export_id);
create index daw_export_shares_project on public.daw_export_shares (project_id, export_id);

create table public.daw_export_suspensions (
  user_id uuid primary key references auth.users (id) on delete cascade,
  reason text not null,
  suspended_by uuid not null,
  created_at timestamptz not null default clock_timestamp()
);

-- Without foreign keys: the trail outlives what it speaks of.
create table public.daw_admin_audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  admin_id uuid not null,
  action text not null,
  reason text not null check (char_length(trim(reason)) between 3 and 1000),
  export_id uuid,
  project_id uuid,
  user_id uuid,
  details jsonb not null default '{}'
);
create index daw_admin_audit_at on public.daw_admin_audit (at desc);
create index daw_admin_audit_export on public.daw_admin_audit (export_id);
create index daw_admin_audit_user on public.daw_admin_audit (user_id);

-- Whose exports wait, and when each of them was last served: the queue's users, without a look at the queue.
-- `waiting` may be true in vain, never false in vain.
create table private.export_turns (
  user_id uuid primary key references auth.users (id) on delete cascade,
  waiting boolean not null,
  waiting_since timestamptz not null default clock_timestamp(),
  served_at timestamptz
);
create index export_turns_waiting on private.export_turns (user_id) where waiting;

-- ------------------------------------------------------------------------------------- who may see what

create function private.is_admin() returns boolean
language sql stable
return coalesce(private.account_role() = 'admin', false);

-- Projects whose makers I belong to, and so whose exports are mine to see.
create function private.my_studio_projects() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select project_id from public.daw_project_members
    where user_id = (select auth.uid()) and role in ('owner', 'editor');
end
$$;

create function private.my_shared_exports() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select export_id from public.daw_export_shares where user_id = (select auth.uid())
    union all
    select s.export_id
    from public.daw_project_members m
    join public.daw_export_shares s on s.project_id = m.project_id and s.user_id is null
    where m.user_id = (select auth.uid());
end
$$;

-- ------------------------------------------------------------------------------------------- triggers

create trigger touch before update on public.daw_plugins
  for each row execute function private.touch();

create function private.check_chain_order() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_track uuid;
begin
  foreach v_track in array array_remove(array[old.track_id, new.track_id], null) loop
    if (select max(position) + 1 <> count(*) from public.daw_plugins where track_id = v_track) then
      raise exception 'the positions of the chain of track % have a gap', v_track
        using errcode = 'check_violation', constraint = 'daw_plugins_gapless';
    end if;
  end loop;
  return null;
end
$$;
create constraint trigger daw_plugins_gapless
  after insert or update of position, track_id or delete on public.daw_plugins
  deferrable initially deferred for each row execute function private.check_chain_order();

create function private.export_may_become(p_from text, p_to text) returns boolean
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
    else false
  end;

-- Whatever writes to an export, also by hand: only legal changes, tokens only grow, progress never falls back.
create function private.guard_export() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'queued' then
      raise exception 'an export begins as queued, not as %', new.status using errcode = 'check_violation';
    end if;
    return new;
  end if;
  new.updated_at := clock_timestamp();
  if new.lease_token < old.lease_token then
    raise exception 'the lease token of export % cannot go back', old.id using errcode = 'check_violation';
  end if;
  if new.status <> old.status then
    if not private.export_may_become(old.status, new.status) then
      raise exception 'export % cannot become % from %', old.id, new.status, old.status
        using errcode = 'check_violation', constraint = 'daw_exports_transition';
    end if;
    if new.status = 'queued' then
      new.progress := '{"stage": "queued", "fraction": 0, "etaSeconds": null}';
    else
      new.progress := jsonb_set(new.progress, '{stage}', to_jsonb(new.status));
    end if;
  end if;
  if new.status <> 'queued' and new.attempt = old.attempt
    and (new.progress ->> 'fraction')::double precision < (old.progress ->> 'fraction')::double precision
  then
    new.progress := jsonb_set(new.progress, '{fraction}', old.progress -> 'fraction');
  end if;
  return new;
end
$$;
create trigger guard before insert or update on public.daw_exports
  for each row execute function private.guard_export();

-- Actor and reason come from the function that makes the change, by settings of its transaction.
create function private.record_export_event() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status end;
begin
  if v_from is distinct from new.status then
    insert into public.daw_export_events
      (export_id, project_id, from_status, to_status, attempt, reason, actor)
    values (new.id, new.project_id, v_from, new.status, new.attempt,
      nullif(current_setting('mixdown.reason', true), ''),
      coalesce(nullif(current_setting('mixdown.actor', true), ''), 'user:' || auth.uid(), 'service'));
    perform pg_notify('daw_exports', new.id::text);
    if new.status = 'queued' then
      -- Locks the row also where there is nothing to change, so that a claim cannot set it to false meanwhile.
      insert into private.export_turns (user_id, waiting) values (new.requested_by, true)
      on conflict (user_id) do update set waiting = true, waiting_since = clock_timestamp()
      where not export_turns.waiting;
    end if;
  elsif new.cancel_requested is distinct from old.cancel_requested then
    perform pg_notify('daw_exports', new.id::text);
  elsif new.progress is distinct from old.progress then
    perform pg_notify('daw_export_progress', new.id::text);
  end if;
  return null;
end
$$;
create trigger record_event after insert or update on public.daw_exports
  for each row execute function private.record_export_event();

-- A row that goes (with its project, say) leaves work for the reaper of objects. The delay lets a worker that is
-- still uploading lose its lease first.
create function private.orphan_export_objects() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into private.orphaned_objects (key, is_prefix, due_at)
  select format('exports/%s/%s/', project_id, id), true,
    clock_timestamp() + case when lease_expires_at is null then interval '0' else interval '10 minutes' end
  from gone where lease_token > 0;
  return null;
end
$$;
create trigger orphan_objects after delete on public.daw_exports
  referencing old table as gone for each statement execute function private.orphan_export_objects();

create function private.refuse_rewrite() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception '% is only ever added to', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger append_only before update or delete or truncate on public.daw_admin_audit
  for each statement execute function private.refuse_rewrite();
create trigger append_only before update or truncate on public.daw_export_events
  for each statement execute function private.refuse_rewrite();

-- ------------------------------------------------------------------------------------- grants, policies

revoke all on public.daw_plugins, public.daw_plugin_locks, public.daw_exports, public.daw_export_events,
  public.daw_export_shares, public.daw_export_suspensions, public.daw_admin_audit
  from public, anon, authenticated, service_role;
revoke all on all tables in schema private from public, anon, authenticated, service_role;
revoke all on all sequences in schema public from public, anon, authenticated, service_role;

grant select, insert, update, delete on public.daw_plugins, public.daw_plugin_locks, public.daw_exports,
  public.daw_export_shares, public.daw_export_suspensions to service_role;
grant select on public.daw_export_events, public.daw_admin_audit to service_role;

grant select, delete on public.daw_plugins to authenticated;
grant insert (id, project_id, track_id, position, catalog_id, version, integrity, params, state, bypassed,
  mix), update (track_id, position, version, integrity, params, state, bypassed, mix)
  on public.daw_plugins to authenticated;
grant select on public.daw_plugin_locks, public.daw_export_events, public.daw_export_suspensions,
  public.daw_admin_audit to authenticated;
-- Not the snapshot (a client sees the file, not the session behind it), nor keys and leases. Never INSERT or UPDATE:
-- with them anybody could go around quotas.
grant select (id, project_id, project_name, requested_by, snapshot_seq, options, status, progress, attempt,
  max_attempts, cancel_requested, object_key, result, error, reviewed_by, quarantined_at, created_at, started_at,
  completed_at, expires_at, updated_at) on public.daw_exports to authenticated;
grant select, delete on public.daw_export_shares to authenticated;
grant insert (export_id, project_id, user_id) on public.daw_export_shares to authenticated;

alter table public.daw_plugins enable row level security;
alter table public.daw_plugin_locks enable row level security;
alter table public.daw_exports enable row level security;
alter table public.daw_export_events enable row level security;
alter table public.daw_export_shares enable row level security;
alter table public.daw_export_suspensions enable row level security;
alter table public.daw_admin_audit enable row level security;

create policy "members read" on public.daw_plugins for select to authenticated
  using (project_id = any (array(select private.my_projects())));
create policy "editors add" on public.daw_plugins for insert to authenticated
  with check (project_id = any (array(select private.my_editable_projects())));
create policy "editors change" on public.daw_plugins for update to authenticated
  using (project_id = any (array(select private.my_editable_projects())))
  with check (project_id = any (array(select private.my_editable_projects())));
create policy "editors remove" on public.daw_plugins for delete to authenticated
  using (project_id = any (array(select private.my_editable_projects())));

create policy "members read" on public.daw_plugin_locks for select to authenticated
  using (project_id = any (array(select private.my_projects())));

create policy "makers and those shared with read" on public.daw_exports for select to authenticated
  using (project_id = any (array(select private.my_studio_projects()))
    or id = any (array(select private.my_shared_exports())) or (select private.is_admin()));

create policy "makers and those shared with read" on public.daw_export_events for select to authenticated
  using (project_id = any (array(select private.my_studio_projects()))
    or export_id = any (array(select private.my_shared_exports())) or (select private.is_admin()));

create policy "makers and the one shared with read" on public.daw_export_shares for select to authenticated
  using (project_id = any (array(select private.my_studio_projects()))
    or user_id = (select auth.uid()) or (select private.is_admin()));
create policy "pros share" on public.daw_export_shares for insert to authenticated
  with check ((select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_editable_projects())));
create policy "pros unshare" on public.daw_export_shares for delete to authenticated
  using ((select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_editable_projects())));

create policy "one's own, and admins" on public.daw_export_suspensions for select to authenticated
  using (user_id = (select auth.uid()) or (select private.is_admin()));

create policy "admins" on public.daw_admin_audit for select to authenticated
  using ((select private.is_admin()));

revoke execute on function private.is_admin(), private.my_studio_projects(), private.my_shared_exports(),
  private.check_chain_order(), private.export_may_become(text, text), private.guard_export(),
  private.record_export_event(), private.orphan_export_objects(), private.refuse_rewrite()
  from public, anon, authenticated, service_role;
grant execute on function private.is_admin(), private.my_studio_projects(), private.my_shared_exports()
  to authenticated, service_role;
grant execute on function private.export_may_become(text, text) to service_role;
