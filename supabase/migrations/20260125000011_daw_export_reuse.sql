-- An export that would give the bytes of an earlier one takes over that one's file, and its history says so.

-- What the file follows from, as the worker computes it after its claim (apps/worker/src/reuse/content-key.ts).
alter table public.daw_exports add column content_key text
  constraint daw_exports_content_key_shape check (content_key ~ '^[0-9a-f]{64}$');
create index daw_exports_reusable on public.daw_exports (project_id, content_key)
  where status = 'completed' and quarantined_at is null and content_key is not null;

-- Whether the file of a finished export may be handed on. Not what is under review, and nothing about to be deleted.
create function private.is_reusable(e public.daw_exports) returns boolean
language sql stable set search_path = '' as $$
  select e.status = 'completed' and e.quarantined_at is null and e.object_key is not null
    and e.expires_at > clock_timestamp() + interval '5 minutes'
$$;

-- Notes what the export follows from, and says whose file it could take over: {found: {id, objectKey, result} or null}.
-- Null: the lease is lost. Only exports of the same project are looked at: what somebody else made elsewhere is theirs.
create function public.find_reusable_export(p_id uuid, p_lease_token bigint, p_content_key text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_project uuid;
begin
  update public.daw_exports set content_key = p_content_key
  where id = p_id and lease_token = p_lease_token and lease_expires_at is not null
  returning project_id into v_project;
  if not found then
    return null;
  end if;
  return jsonb_build_object('found', (
    select jsonb_build_object('id', e.id, 'objectKey', e.object_key, 'result', e.result)
    from public.daw_exports e
    where e.project_id = v_project and e.content_key = p_content_key and e.status = 'completed'
      and e.quarantined_at is null and private.is_reusable(e) and e.id <> p_id
    order by e.completed_at desc limit 1));
end
$$;

-- Completes an export with a copy of p_source's file, through the states that every export goes through.
-- 'gone': the source may not be handed on any more, render after all; null: the lease is lost.
create function public.reuse_export(
  p_id uuid, p_lease_token bigint, p_source uuid, p_result jsonb, p_object_key text)
returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_source public.daw_exports;
  v_export public.daw_exports;
begin
  -- Locked, so that nobody holds the source back or deletes it between the look and the end.
  select * into v_source from public.daw_exports where id = p_source for share;
  select * into v_export from public.daw_exports where id = p_id and lease_token = p_lease_token for update;
  -- Asked again by a worker that did not hear the answer.
  if v_export.status = 'completed' and v_export.object_key = p_object_key then
    return 'reused';
  elsif v_export.lease_expires_at is null then
    return null;
  end if;
  if v_source.id is null or v_source.project_id <> v_export.project_id
    or v_source.content_key is distinct from v_export.content_key or not private.is_reusable(v_source)
  then
    return 'gone';
  end if;
  perform private.acting('worker:' || v_export.worker, 'the file of export ' || p_source || ' is the same');
  update public.daw_exports set status = 'encoding', peaks = v_source.peaks where id = p_id;
  update public.daw_exports set status = 'uploading' where id = p_id;
  return case when public.complete_export(p_id, p_lease_token, p_result, p_object_key) then 'reused' end;
end
$$;

revoke execute on function private.is_reusable(public.daw_exports),
  public.find_reusable_export(uuid, bigint, text), public.reuse_export(uuid, bigint, uuid, jsonb, text)
  from public, anon, authenticated, service_role;
grant execute on function public.find_reusable_export(uuid, bigint, text),
  public.reuse_export(uuid, bigint, uuid, jsonb, text) to service_role;

-- ------------------------------------------------------------------------------------------------- retention

-- How long finished files are kept where nobody has said otherwise.
insert into private.settings (key, value) values ('export_retention_seconds', '604800')
on conflict (key) do nothing;
