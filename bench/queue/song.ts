import type { Pool } from 'pg';

const TRACKS = `
  with tracks as (
    insert into daw_tracks (project_id, name, position, color)
    select $1, 'Track ' || n, n, 'teal' from generate_series(1, $2::int) n returning id, position
  ), assets as (
    insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format, source_sample_rate,
      bytes, sha256)
    select $1, position || '.wav', 2, 48000, 96000, 'wav', 44100, 768000, repeat('a', 64) from tracks
    returning id, name
  ), clips as (
    insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames)
    select $1, t.id, a.id, 0, 96000 from tracks t join assets a on a.name = t.position || '.wav'
  )
  insert into daw_plugins (project_id, track_id, position, catalog_id, version, integrity, params)
  select $1, t.id, n, 'mixdown.delay', '1.0.0', repeat('b', 64),
    '{"time": 250.5, "feedback": 0.35, "mix": 0.25, "tone": 4200}'
  from tracks t, generate_series(0, 1) n`;

/** Adds `count` tracks to a project that has one, each with a clip of its own asset and two effects. */
export async function addTracks(pool: Pool, projectId: string, count: number): Promise<void> {
  await pool.query(TRACKS, [projectId, count]);
}
