-- A project as one document, and a copy of the demo.

-- The contract's ProjectSnapshot as of project.seq. With the caller's rights; null where the caller sees nothing.
create function public.daw_project_snapshot(p_project uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object(
    'project', jsonb_build_object(
      'id', p.id, 'name', p.name, 'ownerId', p.owner_id, 'seq', p.seq, 'epoch', p.epoch, 'tempo', p.tempo,
      'sampleRate', p.sample_rate, 'isDemo', p.is_demo, 'createdAt', private.iso(p.created_at),
      'updatedAt', private.iso(p.updated_at)),
    -- The service stands in for the owner.
    'role', coalesce((select m.role from public.daw_project_members m
      where m.project_id = p.id and m.user_id = auth.uid()), 'owner'),
    'tracks', coalesce((select jsonb_agg(jsonb_build_object(
        'id', t.id, 'projectId', t.project_id, 'name', t.name, 'position', t.position, 'color', t.color,
        'gainDb', t.gain_db, 'pan', t.pan, 'muted', t.muted, 'soloed', t.soloed) order by t.position)
      from public.daw_tracks t where t.project_id = p.id), '[]'),
    'clips', coalesce((select jsonb_agg(jsonb_build_object(
        'id', c.id, 'projectId', c.project_id, 'trackId', c.track_id, 'assetId', c.asset_id,
        'startFrame', c.start_frame, 'offsetFrames', c.offset_frames, 'lengthFrames', c.length_frames,
        'gainDb', c.gain_db) order by c.track_id, c.start_frame, c.id)
      from public.daw_clips c where c.project_id = p.id), '[]'),
    'assets', coalesce((select jsonb_agg(jsonb_build_object(
        'id', a.id, 'projectId', a.project_id, 'name', a.name, 'channels', a.channels,
        'sampleRate', a.sample_rate, 'frames', a.frames, 'sourceFormat', a.source_format,
        'sourceSampleRate', a.source_sample_rate, 'bytes', a.bytes, 'sha256', a.sha256,
        'createdAt', private.iso(a.created_at)) order by a.created_at, a.id)
      from public.daw_assets a where a.project_id = p.id), '[]'),
    'plugins', coalesce((select jsonb_agg(jsonb_build_object(
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

-- A project of the caller's own with all that the demo has; audio objects are shared, not copied. A guest has one
-- such copy, and gets it again. Null where there is no demo.
create function public.daw_copy_demo(p_name text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_role text := private.account_role();
  v_demo public.daw_projects;
  v_copy uuid;
  -- Old id → new id, of tracks and assets.
  v_ids jsonb;
begin
  if v_role is null or v_role not in ('pro', 'guest') then
    raise exception 'your account does not make projects' using errcode = 'insufficient_privilege';
  end if;
  if v_role = 'guest' then
    -- Two tabs at once must not make two.
    perform pg_advisory_xact_lock(hashtextextended('daw_copy_demo ' || auth.uid(), 0));
    select project_id into v_copy from public.daw_project_members
    where user_id = auth.uid() and role = 'owner' limit 1;
    if found then
      return v_copy;
    end if;
  end if;
  select * into v_demo from public.daw_projects where is_demo for share;
  if not found then
    return null;
  end if;

  insert into public.daw_projects (owner_id, name, tempo, sample_rate)
  values (auth.uid(), p_name, v_demo.tempo, v_demo.sample_rate)
  returning id into v_copy;
  select jsonb_object_agg(id, gen_random_uuid()) into v_ids from (
    select id from public.daw_tracks where project_id = v_demo.id
    union all
    select id from public.daw_assets where project_id = v_demo.id) old;
  insert into public.daw_tracks
    (id, project_id, name, position, color, gain_db, pan, muted, soloed)
  select (v_ids ->> id::text)::uuid, v_copy, name, position, color, gain_db, pan, muted, soloed
  from public.daw_tracks where project_id = v_demo.id;
  insert into public.daw_assets (id, project_id, name, channels, sample_rate, frames, source_format,
    source_sample_rate, bytes, sha256, storage_key, peaks_key)
  select (v_ids ->> id::text)::uuid, v_copy, name, channels, sample_rate, frames, source_format,
    source_sample_rate, bytes, sha256, storage_key, peaks_key
  from public.daw_assets where project_id = v_demo.id;
  insert into public.daw_clips
    (project_id, track_id, asset_id, start_frame, offset_frames, length_frames, gain_db)
  select v_copy, (v_ids ->> track_id::text)::uuid, (v_ids ->> asset_id::text)::uuid, start_frame,
    offset_frames, length_frames, gain_db
  from public.daw_clips where project_id = v_demo.id;
  insert into public.daw_plugins
    (project_id, track_id, position, catalog_id, version, integrity, params, state, bypassed, mix)
  select v_copy, (v_ids ->> track_id::text)::uuid, position, catalog_id, version, integrity, params, state,
    bypassed, mix
  from public.daw_plugins where project_id = v_demo.id;
  return v_copy;
end
$$;

revoke execute on function public.daw_project_snapshot(uuid), public.daw_copy_demo(text)
  from public, anon, authenticated, service_role;
grant execute on function public.daw_project_snapshot(uuid), public.daw_copy_demo(text)
  to authenticated, service_role;
