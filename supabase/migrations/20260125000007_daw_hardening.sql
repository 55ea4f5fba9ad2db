-- Two ways through where a null was neither true nor false, a right that nobody needs, and cheaper reads of exports.

-- As before. Written into each query that policies add it to, it was planned anew with each: more work than the rest of
-- reading a project's exports. plpgsql keeps its plan, and is only called where nothing else has let the row through.
create or replace function private.is_admin() returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(private.account_role() = 'admin', false);
end
$$;

-- As before, and a p_force that is null is none: it took the lock from whoever held it, also for who is not the owner.
create or replace function public.daw_acquire_lock(
  p_plugin uuid, p_session text, p_ttl_ms integer, p_force boolean default false)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_plugin public.daw_plugins;
  v_lock public.daw_plugin_locks;
  v_force boolean := coalesce(p_force, false);
begin
  select * into v_plugin from public.daw_plugins where id = p_plugin for update;
  if not found or auth.uid() is null or not private.may_edit(v_plugin.project_id) then
    return private.refusal('not_found', 'There is no such plugin, or it is not yours to edit.');
  end if;
  if v_force and v_plugin.project_id not in (select private.my_owned_projects()) then
    return private.refusal('forbidden', 'Only the owner of the project takes over without asking.');
  end if;
  select * into v_lock from public.daw_plugin_locks
  where plugin_id = p_plugin and expires_at > clock_timestamp() for update;
  if found and v_lock.session_id = p_session and v_lock.user_id = auth.uid() then
    update public.daw_plugin_locks set expires_at = clock_timestamp() + p_ttl_ms * interval '1 ms'
    where plugin_id = p_plugin;
    return jsonb_build_object('ok', true, 'fence', v_lock.fence, 'ttlMs', p_ttl_ms);
  elsif found and not v_force then
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

-- As before, and who may not share takes back nothing but what was shared with themselves: for p_user null the
-- comparison with the caller was null, so that a client could end the share with every client.
create or replace function public.daw_unshare_export(p_export uuid, p_user uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_refusal jsonb := private.refuse_sharing(p_export);
begin
  if v_refusal is not null
    and (v_refusal -> 'refusal' ->> 'code' = 'forbidden' and p_user = auth.uid()) is not true
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

-- Only the functions that write to the log take its numbers: a number without an operation leaves a gap for good.
revoke execute on function private.next_seq(uuid) from authenticated, service_role;
revoke execute on function private.is_admin(), public.daw_acquire_lock(uuid, text, integer, boolean),
  public.daw_unshare_export(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.is_admin(), public.daw_acquire_lock(uuid, text, integer, boolean)
  to authenticated, service_role;
grant execute on function public.daw_unshare_export(uuid, uuid) to authenticated;
