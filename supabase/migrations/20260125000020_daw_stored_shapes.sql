-- What is stored can be answered: Supabase lets editors write to tables directly, past the API and its schemas, and one
-- row that nobody can read would make a project unreadable for everybody in it.

-- Values are numbers as JavaScript has them, under ids as the catalog has them.
alter table public.daw_plugins
  add constraint daw_plugins_params_numbers check (
    not jsonb_path_exists(params, 'strict $.* ? (@.type() != "number")')
    and not jsonb_path_exists(params, 'strict $.* ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))')
    and not jsonb_path_exists(params, 'strict $.keyvalue() ? (@.key like_regex "^.{65}")')
    and octet_length(params::text) <= 65536),
  add constraint daw_plugins_catalog_words check (
    char_length(version) between 1 and 100 and char_length(integrity) between 1 and 200),
  add constraint daw_plugins_fence_safe check (fence between 0 and 9007199254740991);

-- Frames beyond 2^53 − 1 would not come out of JSON as they went in.
alter table public.daw_clips add constraint daw_clips_frames_safe check (
  greatest(start_frame, offset_frames, length_frames) <= 9007199254740991);
alter table public.daw_assets add constraint daw_assets_frames_safe check (
  greatest(frames, bytes) <= 9007199254740991 and char_length(name) <= 1000 and char_length(sha256) <= 200);
