-- Parameter locks: a lease of a tab's session on one plugin, with a fencing token that grows with every change of
-- holder. The database's clock alone decides expiry. Locks are always taken in the order project, plugin, lock.

create function private.may_edit(p_project uuid) returns boolean
language sql stable
return private.is_service() or p_project in (select private.my_editable_projects());

create function private.milliseconds_left(p_until timestamptz) returns integer
language sql volatile
return greatest(0, extract(epoch from p_until - clock_timestamp()) * 1000)::integer;

create function private.tell_lock() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_lock public.daw_plugin_locks := coalesce(new, old);
  v_held boolean := tg_op <> 'DELETE';
begin
  if tg_op <> 'UPDATE' or new.fence <> old.fence then
    perform pg_notify('daw_locks', json_build_object('projectId', v_lock.project_id,
      'pluginId', v_lock.plugin_id, 'fence', v_lock.fence,
      'sessionId', case when v_held then v_lock.session_id end,
      'userId', case when v_held then v_lock.user_id end)::text);
  end if;
  return null;
end
$$;
create trigger tell after insert or update or delete on public.daw_plugin_locks
  for each row execute function private.tell_lock();

-- {ok: true, fence, ttlMs}: held by the session, renewed if it was before. {ok: false, holder, userId, fence, ttlMs}:
-- held by another. {refusal}: no such plugin, or not the caller's to edit. p_force takes it from anybody: owners only.
create function public.daw_acquire_lock(
  p_plugin uuid, p_session text, p_ttl_ms integer, p_force boolean default false)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_plugin public.daw_plugins;
  v_lock public.daw_plugin_locks;
begin
  select * into v_plugin from public.daw_plugins where id = p_plugin for update;
  if not found or auth.uid() is null or not private.may_edit(v_plugin.project_id) then
    return private.refusal('not_found', 'There is no such plugin, or it is not yours to edit.');
  end if;
  if p_force and v_plugin.project_id not in (select private.my_owned_projects()) then
    return private.refusal('forbidden', 'Only the owner of the project takes over without asking.');
  end if;
  select * into v_lock from public.daw_plugin_locks
  where plugin_id = p_plugin and expires_at > clock_timestamp() for update;
  if found and v_lock.session_id = p_session and v_lock.user_id = auth.uid() then
    update public.daw_plugin_locks set expires_at = clock_timestamp() + p_ttl_ms * interval '1 ms'
    where plugin_id = p_plugin;
    return jsonb_build_object('ok', true, 'fence', v_lock.fence, 'ttlMs', p_ttl_ms);
  elsif found and not p_force then
    return jsonb_build_object('ok', false, 'holder', v_lock.session_id, 'userId', v_lock.user_id,
      'fence', v_lock.fence, 'ttlMs', private.milliseconds_left(v_lock.expires_at));
  end if;
  update public.daw_plugins set fence = fence + 1 where id = p_plugin returning * into v_plugin;
  insert into public.daw_plugin_locks (plugin_id, project_id, session_id, user_id, fence, expires_at)
  values (p_plugin, v_plugin.project_id, p_session, auth.uid(), v_plugin.fence,
    clock_timestamp() + p_ttl_ms * interval '1 ms')
  on conflict (plugin_id) do update set session_id = excluded.session_id, user_id = excluded.user_id,
    fence = excluded.fence, acquired_at = clock_timestamp(), expires_at = excluded.expires_at;
  return jsonb_build_object('ok', true, 'fence', v_plugin.fence, 'ttlMs', p_ttl_ms);
end
$$;

-- Renews everything that these sessions still hold; what is missing in the answer is lost.
create function public.daw_renew_locks(p_sessions text[], p_ttl_ms integer)
returns table (plugin_id uuid, session_id text, fence bigint)
language sql security definer set search_path = '' as $$
  update public.daw_plugin_locks l set expires_at = clock_timestamp() + p_ttl_ms * interval '1 ms'
  where l.session_id = any (p_sessions) and l.expires_at > clock_timestamp()
    and (private.is_service() or l.user_id = auth.uid())
  returning l.plugin_id, l.session_id, l.fence
$$;

-- Gives a lock up. False if the session did not hold it under this fence.
create function public.daw_release_lock(p_plugin uuid, p_session text, p_fence bigint) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.daw_plugin_locks
  where plugin_id = p_plugin and session_id = p_session and fence = p_fence
    and (private.is_service() or user_id = auth.uid());
  return found;
end
$$;

-- Locks that are held now. Null where the project is invisible.
create function public.daw_project_locks(p_project uuid)
returns table (plugin_id uuid, session_id text, user_id uuid, fence bigint, ttl_ms integer)
language sql volatile set search_path = '' as $$
  select l.plugin_id, l.session_id, l.user_id, l.fence, private.milliseconds_left(l.expires_at)
  from public.daw_plugin_locks l
  where l.project_id = p_project and l.expires_at > clock_timestamp()
$$;

-- Removes expired locks and returns them; their removal is notified.
create function public.sweep_locks()
returns table (plugin_id uuid, project_id uuid, fence bigint)
language sql security definer set search_path = '' as $$
  delete from public.daw_plugin_locks l
  where l.plugin_id in (
    select e.plugin_id from public.daw_plugin_locks e
    where e.expires_at <= clock_timestamp() for update skip locked)
  returning l.plugin_id, l.project_id, l.fence
$$;

-- One write of a held plugin: checks holder, fence and expiry, takes the next seq, merges p_params into the plugin and
-- appends the operation. The seq, or null: stale fence, and nothing was written.
create function public.daw_write_params(
  p_plugin uuid, p_session text, p_fence bigint, p_params jsonb, p_op_id uuid default gen_random_uuid())
returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_project uuid;
  v_seq bigint;
begin
  select p.id into v_project from public.daw_projects p
  where p.id = (select g.project_id from public.daw_plugins g where g.id = p_plugin)
    and private.may_edit(p.id)
  for update;
  if not found then
    return null;
  end if;
  perform from public.daw_plugins where id = p_plugin for update;
  perform from public.daw_plugin_locks
  where plugin_id = p_plugin and session_id = p_session and fence = p_fence
    and expires_at > clock_timestamp() and (private.is_service() or user_id = auth.uid());
  if not found then
    return null;
  end if;
  update public.daw_plugins set params = params || p_params where id = p_plugin;
  v_seq := private.next_seq(v_project);
  insert into public.daw_operations (project_id, seq, op_id, kind, payload, actor)
  values (v_project, v_seq, p_op_id, 'plugin.params',
    jsonb_build_object('pluginId', p_plugin, 'fence', p_fence, 'params', p_params),
    (select user_id from public.daw_plugin_locks where plugin_id = p_plugin));
  perform pg_notify('daw_ops', json_build_object('projectId', v_project, 'seq', v_seq)::text);
  return v_seq;
end
$$;

revoke execute on function private.may_edit(uuid), private.milliseconds_left(timestamptz), private.tell_lock(),
  public.daw_acquire_lock(uuid, text, integer, boolean), public.daw_renew_locks(text[], integer),
  public.daw_release_lock(uuid, text, bigint), public.daw_project_locks(uuid), public.sweep_locks(),
  public.daw_write_params(uuid, text, bigint, jsonb, uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.may_edit(uuid), private.milliseconds_left(timestamptz),
  public.daw_acquire_lock(uuid, text, integer, boolean), public.daw_renew_locks(text[], integer),
  public.daw_release_lock(uuid, text, bigint), public.daw_project_locks(uuid),
  public.daw_write_params(uuid, text, bigint, jsonb, uuid) to authenticated, service_role;
grant execute on function public.sweep_locks() to service_role;
