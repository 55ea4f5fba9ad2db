-- Not only a long file is too large, but also a mix of many tracks: what a render costs is duration × tracks × rate.

-- As before, and the same limit as the API's (apps/api/src/exports/preflight.ts) on the work of all tracks together.
create or replace function private.guard_export_size() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_range jsonb := new.options -> 'range';
  v_rate numeric := coalesce((new.snapshot -> 'project' ->> 'sampleRate')::numeric, 48000);
  v_end numeric;
  v_tracks bigint;
  v_most_seconds bigint := private.setting('export_most_seconds', 60 * 60);
  -- Seconds of tracks at 48 kHz.
  v_most_work bigint := private.setting('export_most_track_seconds', 32 * 60 * 60);
begin
  if jsonb_typeof(new.options) is distinct from 'object'
    or coalesce(new.options ->> 'format', 'wav') not in ('wav', 'flac', 'mp3', 'opus')
    or octet_length(new.options::text) > 4096 or octet_length(new.plan::text) > 65536
  then
    raise exception 'these are no options of an export'
      using errcode = 'check_violation', constraint = 'daw_exports_options';
  end if;
  -- As the renderer takes it: a range is rendered to its end, wherever the song ends.
  if v_range ->> 'kind' = 'frames' then
    v_end := (v_range ->> 'endFrame')::numeric - (v_range ->> 'startFrame')::numeric;
  else
    select max((clip ->> 'startFrame')::numeric + (clip ->> 'lengthFrames')::numeric) into v_end
    from jsonb_array_elements(coalesce(new.snapshot -> 'clips', '[]')) clip;
  end if;
  if v_end > v_most_seconds * v_rate then
    raise exception 'the file could last % minutes, and % is the most', ceil(v_end / v_rate / 60), v_most_seconds / 60
      using errcode = 'check_violation', constraint = 'daw_exports_size';
  end if;
  -- A project has 64 tracks at most: of what is short enough for all of them, nobody needs to count them.
  if v_end * 64 > v_most_work * 48000::numeric then
    select count(distinct clip ->> 'trackId') into v_tracks
    from jsonb_array_elements(coalesce(new.snapshot -> 'clips', '[]')) clip;
    if v_end * v_tracks > v_most_work * 48000::numeric then
      raise exception '% tracks of % minutes are too much for one export', v_tracks, ceil(v_end / v_rate / 60)
        using errcode = 'check_violation', constraint = 'daw_exports_work';
    end if;
  end if;
  return new;
end
$$;
revoke execute on function private.guard_export_size() from public, anon, authenticated, service_role;
