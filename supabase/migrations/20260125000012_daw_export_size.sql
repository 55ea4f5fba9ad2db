-- What an export may ask for holds for every way in, the database's own API too: without it, whoever calls
-- daw_request_export directly would have a worker render until its disk is full.

-- The API says the same in words before it comes here (apps/api/src/exports/preflight.ts), and counts tails as well.
create function private.guard_export_size() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_range jsonb := new.options -> 'range';
  v_rate numeric := coalesce((new.snapshot -> 'project' ->> 'sampleRate')::numeric, 48000);
  v_end numeric;
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
  if v_end > private.setting('export_most_seconds', 60 * 60) * v_rate then
    raise exception 'the file could last % minutes, and % is the most', ceil(v_end / v_rate / 60),
      private.setting('export_most_seconds', 60 * 60) / 60
      using errcode = 'check_violation', constraint = 'daw_exports_size';
  end if;
  return new;
end
$$;
create trigger guard_size before insert on public.daw_exports
  for each row execute function private.guard_export_size();
revoke execute on function private.guard_export_size() from public, anon, authenticated, service_role;
