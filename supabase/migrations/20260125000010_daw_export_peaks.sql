-- The picture of an export, so that a player shows it before it has fetched any of the file.

-- {framesPerPeak, peaks} as in assets' peaks; null for exports from before there were any. Beside `result`, which
-- every poll carries. It describes the file: whoever reuses a file for another export takes its peaks along.
alter table public.daw_exports add column peaks jsonb
  constraint daw_exports_peaks_small check (octet_length(peaks::text) <= 16384);

-- By the worker that holds the lease, before it completes the export. False: the lease is lost.
create function public.store_export_peaks(p_id uuid, p_lease_token bigint, p_peaks jsonb) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.daw_exports set peaks = p_peaks
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null;
  return found;
end
$$;

-- {peaks}, null where there are none, or {refusal}: whoever may download the file may see it, and nobody else.
create function public.daw_export_peaks(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_file jsonb := public.daw_export_download(p_id);
begin
  if v_file ? 'refusal' then
    return v_file;
  end if;
  return jsonb_build_object('peaks', (select peaks from public.daw_exports where id = p_id));
end
$$;

-- Which of its project's exports it is, by time, from 1: the number that people say to each other. All are counted,
-- also those that the caller does not see, so that it is the same for everybody; null where they do not see this one.
create function public.daw_export_version(p_id uuid) returns integer
language sql stable security definer set search_path = '' as $$
  select (select count(*)::integer from public.daw_exports o
    where o.project_id = e.project_id and (o.created_at, o.id) <= (e.created_at, e.id))
  from public.daw_exports e
  where e.id = p_id and (private.is_service() or e.project_id = any (array(select private.my_studio_projects()))
    or e.id = any (array(select private.my_shared_exports())))
$$;

-- The address of whoever shared it with the caller first; null where nobody did.
create function public.daw_export_shared_by(p_id uuid) returns text
language sql stable security definer set search_path = '' as $$
  select u.email from public.daw_export_shares s join auth.users u on u.id = s.shared_by
  where s.export_id = p_id and s.export_id = any (array(select private.my_shared_exports()))
    and (s.user_id = auth.uid() or s.user_id is null)
  order by s.created_at, s.id limit 1
$$;

revoke execute on function public.store_export_peaks(uuid, bigint, jsonb), public.daw_export_peaks(uuid),
  public.daw_export_version(uuid), public.daw_export_shared_by(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.store_export_peaks(uuid, bigint, jsonb) to service_role;
grant execute on function public.daw_export_peaks(uuid), public.daw_export_version(uuid),
  public.daw_export_shared_by(uuid) to authenticated;
