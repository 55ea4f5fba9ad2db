-- What the live room needs: who somebody is in a project, which frame of a lock is the last in the log, and locks that
-- go with the right to edit. How long the log reaches back is said at reap_operations().

-- The last frame of the holder that is persisted, and its seq: both begin anew with every fence.
alter table public.daw_plugin_locks
  add column last_n integer not null default 0,
  add column last_seq bigint;

-- The caller's place in a project, {role, editable, name, color, epoch, seq}; null where they have none. The colour
-- counts members in the order in which they came, so everybody sees the same.
create function public.daw_standing(p_project uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'role', m.role,
    'editable', p.id = any (array(select private.my_editable_projects())),
    'name', case when u.is_anonymous then 'Guest' else coalesce(
      nullif(left(trim(u.raw_user_meta_data ->> 'name'), 80), ''),
      nullif(split_part(u.email, '@', 1), ''), 'Somebody') end,
    'color', (select count(*) from public.daw_project_members o
      where o.project_id = m.project_id and (o.created_at, o.user_id) < (m.created_at, m.user_id)) % 8,
    'epoch', p.epoch, 'seq', p.seq)
  from public.daw_project_members m
  join public.daw_projects p on p.id = m.project_id
  join auth.users u on u.id = m.user_id
  where m.project_id = p_project and m.user_id = auth.uid()
$$;

-- As before, with `n`, the last frame that is persisted under the fence. Admins among the makers may force too: they
-- cannot edit, but they can take a lock away from whoever does not let go.
create or replace function public.daw_acquire_lock(
  p_plugin uuid, p_session text, p_ttl_ms integer, p_force boolean default false)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_plugin public.daw_plugins;
  v_lock public.daw_plugin_locks;
  v_force boolean := coalesce(p_force, false);
  -- Whoever calls the database directly holds nothing for longer than a minute without renewing it.
  v_ttl_ms integer := least(greatest(p_ttl_ms, 0), 60000);
  v_as_admin boolean;
begin
  select * into v_plugin from public.daw_plugins where id = p_plugin for update;
  v_as_admin := v_force and private.is_admin()
    and v_plugin.project_id in (select private.my_studio_projects());
  if v_plugin.id is null or auth.uid() is null
    or not (private.may_edit(v_plugin.project_id) or coalesce(v_as_admin, false))
  then
    return private.refusal('not_found', 'There is no such plugin, or it is not yours to edit.');
  end if;
  if v_force and not v_as_admin and v_plugin.project_id not in (select private.my_owned_projects()) then
    return private.refusal('forbidden', 'Only the owner of the project takes over without asking.');
  end if;
  select * into v_lock from public.daw_plugin_locks
  where plugin_id = p_plugin and expires_at > clock_timestamp() for update;
  if found and v_lock.session_id = p_session and v_lock.user_id = auth.uid() then
    update public.daw_plugin_locks set expires_at = clock_timestamp() + v_ttl_ms * interval '1 ms'
    where plugin_id = p_plugin;
    return jsonb_build_object('ok', true, 'fence', v_lock.fence, 'ttlMs', v_ttl_ms, 'n', v_lock.last_n);
  elsif found and not v_force then
    return jsonb_build_object('ok', false, 'holder', v_lock.session_id, 'userId', v_lock.user_id,
      'fence', v_lock.fence, 'ttlMs', private.milliseconds_left(v_lock.expires_at));
  end if;
  update public.daw_plugins set fence = fence + 1 where id = p_plugin returning * into v_plugin;
  insert into public.daw_plugin_locks (plugin_id, project_id, session_id, user_id, fence, expires_at)
  values (p_plugin, v_plugin.project_id, p_session, auth.uid(), v_plugin.fence,
    clock_timestamp() + v_ttl_ms * interval '1 ms')
  on conflict (plugin_id) do update set session_id = excluded.session_id, user_id = excluded.user_id,
    fence = excluded.fence, acquired_at = clock_timestamp(), expires_at = excluded.expires_at,
    last_n = 0, last_seq = null;
  return jsonb_build_object('ok', true, 'fence', v_plugin.fence, 'ttlMs', v_ttl_ms, 'n', 0);
end
$$;

-- As daw_renew_locks, for a node that serves many people: each session together with its own user, so that knowing
-- somebody's session is not enough to keep their locks alive.
create function public.daw_renew_sessions(p_sessions text[], p_users uuid[], p_ttl_ms integer)
returns table (plugin_id uuid, session_id text, fence bigint)
language sql security definer set search_path = '' as $$
  update public.daw_plugin_locks l set expires_at = clock_timestamp() + p_ttl_ms * interval '1 ms'
  from unnest(p_sessions, p_users) as s (session_id, user_id)
  where l.session_id = s.session_id and l.user_id = s.user_id and l.expires_at > clock_timestamp()
  returning l.plugin_id, l.session_id, l.fence
$$;

-- One write of a held plugin: checks holder, fence and expiry, takes the next seq, merges p_params into the plugin and
-- appends the operation, {pluginId, patch: {params}, fence, n}. The seq, or null: stale fence, and nothing was written.
-- The same p_op_id again, and a p_n that is persisted already, write nothing and give the seq of the first time.
drop function public.daw_write_params(uuid, text, bigint, jsonb, uuid);
create function public.daw_write_params(
  p_plugin uuid, p_session text, p_fence bigint, p_params jsonb, p_op_id uuid default gen_random_uuid(),
  p_n integer default null)
returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_project uuid;
  v_lock public.daw_plugin_locks;
  v_op_id uuid := coalesce(p_op_id, gen_random_uuid());
  v_seq bigint;
begin
  select p.id into v_project from public.daw_projects p
  where p.id = (select g.project_id from public.daw_plugins g where g.id = p_plugin)
    and private.may_edit(p.id)
  for update;
  if not found then
    return null;
  end if;
  -- Also after the lease: the first time may have been the last moment of it.
  select seq into v_seq from public.daw_operations
  where project_id = v_project and op_id = v_op_id and kind = 'plugin.params'
    and payload ->> 'pluginId' = p_plugin::text;
  if found then
    return v_seq;
  end if;
  perform from public.daw_plugins where id = p_plugin for update;
  select * into v_lock from public.daw_plugin_locks
  where plugin_id = p_plugin and session_id = p_session and fence = p_fence
    and expires_at > clock_timestamp() and (private.is_service() or user_id = auth.uid())
  for update;
  if not found then
    return null;
  end if;
  if p_n <= v_lock.last_n then
    return v_lock.last_seq;
  end if;
  update public.daw_plugins set params = params || p_params where id = p_plugin;
  v_seq := private.next_seq(v_project);
  insert into public.daw_operations (project_id, seq, op_id, kind, payload, actor)
  values (v_project, v_seq, v_op_id, 'plugin.params',
    jsonb_strip_nulls(jsonb_build_object('pluginId', p_plugin, 'patch', jsonb_build_object('params', p_params),
      'fence', p_fence, 'n', p_n)),
    v_lock.user_id);
  update public.daw_plugin_locks set last_n = coalesce(p_n, last_n), last_seq = v_seq
  where plugin_id = p_plugin;
  perform pg_notify('daw_ops', json_build_object('projectId', v_project, 'seq', v_seq)::text);
  return v_seq;
end
$$;

-- Who may not edit any more holds nothing: others need not wait for a lease of theirs to end.
create function private.drop_locks_of_member() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'DELETE' or new.role = 'client' then
    delete from public.daw_plugin_locks where project_id = old.project_id and user_id = old.user_id;
  end if;
  return null;
end
$$;
create trigger drop_locks after delete or update of role on public.daw_project_members
  for each row execute function private.drop_locks_of_member();

revoke execute on function public.daw_standing(uuid), public.daw_acquire_lock(uuid, text, integer, boolean),
  public.daw_renew_sessions(text[], uuid[], integer),
  public.daw_write_params(uuid, text, bigint, jsonb, uuid, integer), private.drop_locks_of_member()
  from public, anon, authenticated, service_role;
grant execute on function public.daw_standing(uuid) to authenticated;
grant execute on function public.daw_acquire_lock(uuid, text, integer, boolean),
  public.daw_write_params(uuid, text, bigint, jsonb, uuid, integer) to authenticated, service_role;
grant execute on function public.daw_renew_sessions(text[], uuid[], integer) to service_role;
