-- Many hands at once: what a room has to persist at one moment goes into one transaction.

-- Writes [{claims, pluginId, session, fence, params, opId, n}, …] one after the other, each with the rights of the
-- claims beside it, exactly as daw_write_params does. The answers in the same order: the seq, or null where the fence is
-- stale and nothing was written. For nodes that serve many people; all writes should be of one project.
create function public.daw_write_frames(p_writes jsonb) returns bigint[]
language plpgsql security definer set search_path = '' as $$
declare
  v_write jsonb;
  v_seqs bigint[] := '{}';
begin
  for v_write in select value from jsonb_array_elements(p_writes) with ordinality order by ordinality loop
    perform set_config('request.jwt.claims',
      (coalesce(v_write -> 'claims', '{}') || '{"role": "authenticated"}')::text, true);
    v_seqs := v_seqs || public.daw_write_params((v_write ->> 'pluginId')::uuid, v_write ->> 'session',
      (v_write ->> 'fence')::bigint, v_write -> 'params', (v_write ->> 'opId')::uuid,
      (v_write ->> 'n')::integer);
  end loop;
  perform set_config('request.jwt.claims', '{"role": "service_role"}', true);
  return v_seqs;
end
$$;

revoke execute on function public.daw_write_frames(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.daw_write_frames(jsonb) to service_role;

-- As before; like the first time, for a minute at most.
create or replace function public.daw_renew_locks(p_sessions text[], p_ttl_ms integer)
returns table (plugin_id uuid, session_id text, fence bigint)
language sql security definer set search_path = '' as $$
  update public.daw_plugin_locks l
  set expires_at = clock_timestamp() + least(greatest(p_ttl_ms, 0), 60000) * interval '1 ms'
  where l.session_id = any (p_sessions) and l.expires_at > clock_timestamp()
    and (private.is_service() or l.user_id = auth.uid())
  returning l.plugin_id, l.session_id, l.fence
$$;
