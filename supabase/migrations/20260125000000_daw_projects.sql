-- Projects, their members, tracks, clips, canonical audio, and the log of operations.
-- Hosted databases grant everything on new tables to anon, authenticated and service_role: this revokes, then grants.

create schema if not exists private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- ---------------------------------------------------------------------------------------------- tables

create table public.daw_projects (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 120),
  seq bigint not null default 0,
  epoch bigint not null default 1,
  tempo double precision not null default 120 check (tempo between 20 and 400),
  sample_rate integer not null default 48000 check (sample_rate in (44100, 48000)),
  is_demo boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index daw_projects_owner on public.daw_projects (owner_id);
create unique index daw_projects_one_demo on public.daw_projects (is_demo) where is_demo;

create table public.daw_project_members (
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null check (role in ('owner', 'editor', 'client')),
  created_at timestamptz not null default clock_timestamp(),
  primary key (project_id, user_id)
);
create index daw_project_members_user on public.daw_project_members (user_id, project_id);
create unique index daw_project_members_one_owner on public.daw_project_members (project_id)
  where role = 'owner';

create table public.daw_tracks (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 120),
  position integer not null constraint daw_tracks_position_range check (position between 0 and 63),
  color text not null default 'slate'
    check (color in ('rose', 'amber', 'lime', 'teal', 'sky', 'violet', 'pink', 'slate')),
  gain_db double precision not null default 0 check (gain_db between -60 and 12),
  pan double precision not null default 0 check (pan between -1 and 1),
  muted boolean not null default false,
  soloed boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint daw_tracks_order unique (project_id, position) deferrable initially deferred,
  -- What clips and plugins refer to, so that a row can never name a track of another project.
  constraint daw_tracks_in_project unique (project_id, id)
);

-- Canonical audio. Copies of the demo share their objects, so the keys are columns.
create table public.daw_assets (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  name text not null,
  channels integer not null check (channels in (1, 2)),
  sample_rate integer not null check (sample_rate > 0),
  frames bigint not null check (frames >= 1),
  source_format text not null check (source_format in ('wav', 'flac', 'mp3', 'ogg', 'generated')),
  source_sample_rate integer not null check (source_sample_rate > 0),
  bytes bigint not null check (bytes >= 0),
  sha256 text not null,
  storage_key text not null,
  peaks_key text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint daw_assets_in_project unique (project_id, id)
);
create index daw_assets_storage_key on public.daw_assets (storage_key);

create table public.daw_clips (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  track_id uuid not null,
  asset_id uuid not null,
  start_frame bigint not null check (start_frame >= 0),
  offset_frames bigint not null default 0 check (offset_frames >= 0),
  length_frames bigint not null check (length_frames >= 1),
  gain_db double precision not null default 0 check (gain_db between -60 and 12),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint daw_clips_track foreign key (project_id, track_id)
    references public.daw_tracks (project_id, id) on delete cascade,
  -- Deferred: when a project goes, its assets may go before its clips.
  constraint daw_clips_asset foreign key (project_id, asset_id)
    references public.daw_assets (project_id, id) deferrable initially deferred
);
create index daw_clips_track on public.daw_clips (project_id, track_id, start_frame);
create index daw_clips_asset on public.daw_clips (project_id, asset_id);

-- The project's log: gapless by seq, idempotent by op_id.
create table public.daw_operations (
  project_id uuid not null references public.daw_projects (id) on delete cascade,
  seq bigint not null,
  op_id uuid not null,
  kind text not null check (char_length(kind) between 1 and 64),
  payload jsonb not null,
  actor uuid,
  created_at timestamptz not null default clock_timestamp(),
  primary key (project_id, seq),
  constraint daw_operations_once unique (project_id, op_id)
);
create index daw_operations_age on public.daw_operations (created_at);

create table private.settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- Objects whose rows are gone: a reaper deletes them from storage, then forgets them here.
create table private.orphaned_objects (
  id bigint generated always as identity primary key,
  key text not null,
  is_prefix boolean not null,
  due_at timestamptz not null default clock_timestamp()
);
create index orphaned_objects_due on private.orphaned_objects (due_at);

-- ------------------------------------------------------------------------------------- who may do what

-- Two forms, for speed: what is asked per query is an expression that Postgres inlines (`return`: parsed here and now, so
-- that no search path matters), or plpgsql, which keeps its plans; other SQL functions are planned at every call.

-- pro, client or admin by app_metadata.daw_role, which the service alone sets; guest = anonymous sign-in.
-- An account that the service has not decided about may do least.
create function private.account_role() returns text
language sql stable
return
  case
    when auth.uid() is null then null
    when coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false) then 'guest'
    when auth.jwt() -> 'app_metadata' ->> 'daw_role' in ('pro', 'admin')
      then auth.jwt() -> 'app_metadata' ->> 'daw_role'
    else 'client'
  end;

create function private.is_service() returns boolean
language sql stable
return coalesce(auth.role() = 'service_role', false);

create function private.my_projects() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select project_id from public.daw_project_members where user_id = (select auth.uid());
end
$$;

create function private.my_editable_projects() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select project_id from public.daw_project_members
    where user_id = (select auth.uid())
      and case (select private.account_role())
        when 'pro' then role in ('owner', 'editor')
        when 'guest' then role = 'owner'
        else false
      end;
end
$$;

create function private.my_owned_projects() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select project_id from public.daw_project_members
    where user_id = (select auth.uid()) and role = 'owner'
      and (select private.account_role()) in ('pro', 'guest');
end
$$;

-- ------------------------------------------------------------------------------------------- triggers

create function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;
create trigger touch before update on public.daw_projects
  for each row execute function private.touch();
create trigger touch before update on public.daw_tracks
  for each row execute function private.touch();
create trigger touch before update on public.daw_clips
  for each row execute function private.touch();

create function private.add_owner() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.daw_project_members (project_id, user_id, role)
  values (new.id, new.owner_id, 'owner');
  return null;
end
$$;
create trigger add_owner after insert on public.daw_projects
  for each row execute function private.add_owner();

-- Positions count 0, 1, 2, … without a gap; checked at commit, so that a reorder may pass through anything.
create function private.check_track_order() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_project uuid := coalesce(new.project_id, old.project_id);
begin
  if (select max(position) + 1 <> count(*) from public.daw_tracks where project_id = v_project) then
    raise exception 'the positions of the tracks of project % have a gap', v_project
      using errcode = 'check_violation', constraint = 'daw_tracks_gapless';
  end if;
  return null;
end
$$;
create constraint trigger daw_tracks_gapless
  after insert or update of position, project_id or delete on public.daw_tracks
  deferrable initially deferred for each row execute function private.check_track_order();

-- Users cannot choose keys: with somebody else's they would read that person's audio.
create function private.name_asset_objects() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.storage_key := coalesce(new.storage_key, format('assets/%s/audio.f32', new.id));
  new.peaks_key := coalesce(new.peaks_key, format('assets/%s/peaks.json', new.id));
  return new;
end
$$;
create trigger name_objects before insert on public.daw_assets
  for each row execute function private.name_asset_objects();

create function private.orphan_asset_objects() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into private.orphaned_objects (key, is_prefix)
  select distinct k.key, false
  from gone g
  cross join lateral (values (g.storage_key), (g.peaks_key)) k (key)
  where not exists (select from public.daw_assets a where a.storage_key = g.storage_key);
  return null;
end
$$;
create trigger orphan_objects after delete on public.daw_assets
  referencing old table as gone for each statement execute function private.orphan_asset_objects();

-- ------------------------------------------------------------------------------------------- functions

create function private.iso(p_at timestamptz) returns text
language sql stable
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

create function private.setting(p_key text, p_default bigint) returns bigint
language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select (value #>> '{}')::bigint from private.settings where key = p_key), p_default);
end
$$;

-- Known keys: export_queued_per_user, export_retention_seconds.
create function public.set_setting(p_key text, p_value jsonb) returns void
language sql security definer set search_path = '' as $$
  insert into private.settings (key, value) values (p_key, p_value)
  on conflict (key) do update set value = excluded.value, updated_at = clock_timestamp()
$$;

-- Locks the project for the rest of the transaction and takes the next number of its log.
create function private.next_seq(p_project uuid) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_seq bigint;
begin
  update public.daw_projects set seq = seq + 1
  where id = p_project
    and (private.is_service() or id = any (array(select private.my_editable_projects())))
  returning seq into v_seq;
  if v_seq is null then
    raise exception 'you may not edit project %', p_project using errcode = 'insufficient_privilege';
  end if;
  return v_seq;
end
$$;

-- Appends to the log and tells listeners. The same op_id again returns the first seq and changes nothing.
create function public.daw_append_operation(p_project uuid, p_op_id uuid, p_kind text, p_payload jsonb)
returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_seq bigint;
begin
  -- The lock first: a duplicate that runs at the same time must wait here and then find the row.
  perform from public.daw_projects
  where id = p_project
    and (private.is_service() or id = any (array(select private.my_editable_projects())))
  for update;
  if found then
    select seq into v_seq from public.daw_operations where project_id = p_project and op_id = p_op_id;
    if found then
      return v_seq;
    end if;
  end if;
  v_seq := private.next_seq(p_project);
  insert into public.daw_operations (project_id, seq, op_id, kind, payload, actor)
  values (p_project, v_seq, p_op_id, p_kind, p_payload, auth.uid());
  perform pg_notify('daw_ops', json_build_object('projectId', p_project, 'seq', v_seq)::text);
  return v_seq;
end
$$;

-- Members with their addresses, for those who make the project; clients see the owner and themselves.
create function public.daw_list_members(p_project uuid)
returns table (user_id uuid, email text, role text)
language sql stable security definer set search_path = '' as $$
  select m.user_id, coalesce(u.email, ''), m.role
  from public.daw_project_members m
  join auth.users u on u.id = m.user_id
  where m.project_id = p_project
    and (private.is_service() or exists (
      select from public.daw_project_members me
      where me.project_id = p_project and me.user_id = auth.uid()
        and (me.role <> 'client' or m.role = 'owner' or m.user_id = me.user_id)))
  order by array_position(array['owner', 'editor', 'client'], m.role), u.email, m.user_id
$$;

-- Whose account an address is, told to owners of projects alone. Null if there is none.
create function public.daw_find_user(p_email text) returns uuid
language sql stable security definer set search_path = '' as $$
  select id from auth.users
  where email = lower(trim(p_email)) and not is_anonymous
    and (private.is_service() or (private.account_role() = 'pro'
      and exists (select from private.my_owned_projects())))
$$;

-- The next orphaned objects; who claims them deletes them from storage within 5 minutes, then forgets them.
create function public.claim_orphaned_objects(p_limit integer)
returns table (id bigint, key text, is_prefix boolean)
language sql security definer set search_path = '' as $$
  update private.orphaned_objects o set due_at = clock_timestamp() + interval '5 minutes'
  where o.id in (
    select d.id from private.orphaned_objects d where d.due_at <= clock_timestamp()
    order by d.due_at limit p_limit for update skip locked)
  returning o.id, o.key, o.is_prefix
$$;

create function public.forget_orphaned_objects(p_ids bigint[]) returns void
language sql security definer set search_path = '' as $$
  delete from private.orphaned_objects where id = any (p_ids)
$$;

-- The log reaches back a day or 5,000 operations per project, whichever is more; operations that a client may send
-- again (all but parameter writes, which their fence protects) are known for 7 days. Returns how many rows went.
create function public.reap_operations() returns integer
language sql security definer set search_path = '' as $$
  with gone as (
    delete from public.daw_operations o using public.daw_projects p
    where p.id = o.project_id and o.seq <= p.seq - 5000
      and o.created_at < clock_timestamp()
        - case when o.kind = 'plugin.params' then interval '1 day' else interval '7 days' end
    returning 1)
  select count(*)::integer from gone
$$;

-- Guests who did not sign up within p_age, with everything of theirs. Returns how many.
create function public.reap_guests(p_age interval default interval '1 day') returns integer
language sql security definer set search_path = '' as $$
  with gone as (
    delete from auth.users
    where is_anonymous and greatest(created_at, last_sign_in_at) < clock_timestamp() - p_age
    returning 1)
  select count(*)::integer from gone
$$;

-- ------------------------------------------------------------------------------------- grants, policies

revoke all on public.daw_projects, public.daw_project_members, public.daw_tracks, public.daw_assets,
  public.daw_clips, public.daw_operations from public, anon, authenticated, service_role;
revoke all on all tables in schema private from public, anon, authenticated, service_role;

grant select, insert, update, delete on public.daw_projects, public.daw_project_members,
  public.daw_tracks, public.daw_assets, public.daw_clips to service_role;
grant select, insert, delete on public.daw_operations to service_role;

grant select, delete on public.daw_projects, public.daw_project_members, public.daw_tracks,
  public.daw_assets, public.daw_clips to authenticated;
grant select on public.daw_operations to authenticated;
grant insert (id, owner_id, name, tempo, sample_rate), update (name, tempo)
  on public.daw_projects to authenticated;
grant insert (project_id, user_id, role), update (role) on public.daw_project_members to authenticated;
grant insert (id, project_id, name, position, color, gain_db, pan, muted, soloed),
  update (name, position, color, gain_db, pan, muted, soloed) on public.daw_tracks to authenticated;
grant insert (id, project_id, name, channels, sample_rate, frames, source_format, source_sample_rate,
  bytes, sha256) on public.daw_assets to authenticated;
grant insert (id, project_id, track_id, asset_id, start_frame, offset_frames, length_frames, gain_db),
  update (track_id, start_frame, offset_frames, length_frames, gain_db)
  on public.daw_clips to authenticated;

alter table public.daw_projects enable row level security;
alter table public.daw_project_members enable row level security;
alter table public.daw_tracks enable row level security;
alter table public.daw_assets enable row level security;
alter table public.daw_clips enable row level security;
alter table public.daw_operations enable row level security;

-- The second half serves INSERT … RETURNING: the owner's membership is written just after.
create policy "members read" on public.daw_projects for select to authenticated
  using (id = any (array(select private.my_projects())) or owner_id = (select auth.uid()));
create policy "pros create their own" on public.daw_projects for insert to authenticated
  with check (owner_id = (select auth.uid()) and (select private.account_role()) = 'pro');
create policy "editors change" on public.daw_projects for update to authenticated
  using (id = any (array(select private.my_editable_projects())))
  with check (id = any (array(select private.my_editable_projects())));
create policy "owners delete" on public.daw_projects for delete to authenticated
  using (id = any (array(select private.my_owned_projects())));

create policy "members read" on public.daw_project_members for select to authenticated
  using (project_id = any (array(select private.my_projects())));
create policy "owners invite" on public.daw_project_members for insert to authenticated
  with check (role <> 'owner' and (select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_owned_projects())));
create policy "owners change roles" on public.daw_project_members for update to authenticated
  using (role <> 'owner' and (select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_owned_projects())))
  with check (role <> 'owner' and (select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_owned_projects())));
create policy "owners remove, others leave" on public.daw_project_members for delete to authenticated
  using (role <> 'owner' and (user_id = (select auth.uid())
    or project_id = any (array(select private.my_owned_projects()))));

create policy "members read" on public.daw_tracks for select to authenticated
  using (project_id = any (array(select private.my_projects())));
create policy "editors add" on public.daw_tracks for insert to authenticated
  with check (project_id = any (array(select private.my_editable_projects())));
create policy "editors change" on public.daw_tracks for update to authenticated
  using (project_id = any (array(select private.my_editable_projects())))
  with check (project_id = any (array(select private.my_editable_projects())));
create policy "editors remove" on public.daw_tracks for delete to authenticated
  using (project_id = any (array(select private.my_editable_projects())));

create policy "members read" on public.daw_clips for select to authenticated
  using (project_id = any (array(select private.my_projects())));
create policy "editors add" on public.daw_clips for insert to authenticated
  with check (project_id = any (array(select private.my_editable_projects())));
create policy "editors change" on public.daw_clips for update to authenticated
  using (project_id = any (array(select private.my_editable_projects())))
  with check (project_id = any (array(select private.my_editable_projects())));
create policy "editors remove" on public.daw_clips for delete to authenticated
  using (project_id = any (array(select private.my_editable_projects())));

create policy "members read" on public.daw_assets for select to authenticated
  using (project_id = any (array(select private.my_projects())));
create policy "pros upload" on public.daw_assets for insert to authenticated
  with check ((select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_editable_projects())));
create policy "pros remove" on public.daw_assets for delete to authenticated
  using ((select private.account_role()) = 'pro'
    and project_id = any (array(select private.my_editable_projects())));

create policy "members read" on public.daw_operations for select to authenticated
  using (project_id = any (array(select private.my_projects())));

revoke execute on all functions in schema private from public, anon, authenticated, service_role;
grant execute on function private.account_role(), private.is_service(), private.my_projects(),
  private.my_editable_projects(), private.my_owned_projects(), private.next_seq(uuid),
  private.iso(timestamptz) to authenticated, service_role;
revoke execute on function public.set_setting(text, jsonb),
  public.daw_append_operation(uuid, uuid, text, jsonb), public.daw_list_members(uuid),
  public.daw_find_user(text), public.claim_orphaned_objects(integer),
  public.forget_orphaned_objects(bigint[]), public.reap_operations(), public.reap_guests(interval)
  from public, anon, authenticated, service_role;
grant execute on function public.daw_append_operation(uuid, uuid, text, jsonb),
  public.daw_list_members(uuid), public.daw_find_user(text) to authenticated, service_role;
grant execute on function public.set_setting(text, jsonb), public.claim_orphaned_objects(integer),
  public.forget_orphaned_objects(bigint[]), public.reap_operations(), public.reap_guests(interval)
  to service_role;
