import type { Pool } from 'pg';

const TRACKS = `
  with tracks as (
    insert into daw_tracks (project_id, name, position, color)
    select $1, 'Track ' || n, n, 'teal' from generate_series(1, 5) n returning id, position
  ), assets as (
    insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format, source_sample_rate,
      bytes, sha256)
    select $1, position || '.' || part || '.wav', 2, 48000, 32000, 'wav', 44100, 256000, repeat('a', 64)
    from tracks, generate_series(0, 2) part returning id, name
  ), clips as (
    insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames)
    select $1, t.id, a.id, part * 32000, 32000
    from tracks t, generate_series(0, 2) part, assets a where a.name = t.position || '.' || part || '.wav'
  )
  insert into daw_plugins (project_id, track_id, position, catalog_id, version, integrity, params)
  select $1, t.id, n, 'mixdown.delay', '1.0.0', repeat('b', 64),
    (select jsonb_object_agg('parameter' || p, round((p * 12.345)::numeric, 2)) from generate_series(1, 6) p)
  from tracks t, generate_series(0, 2) n`;

/**
 * Makes a project that has one track with two effects as large as the demo song: six tracks, sixteen clips and
 * seventeen effects, some 20 KB.
 */
export async function growToSong(pool: Pool, projectId: string): Promise<void> {
  await pool.query(TRACKS, [projectId]);
}
