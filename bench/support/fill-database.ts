import type pg from 'pg';

/** How much there is of other people: each project has as much of everything as the next. */
export interface Crowd {
  readonly projects: number;
  readonly tracksPerProject: number;
  readonly pluginsPerTrack: number;
  readonly operationsPerProject: number;
  readonly exportsPerProject: number;
}

const PARAMS =
  '{"time": 250.5, "feedback": 42, "tone": 4000, "spread": 0.5, "sync": 1, "drive": 3.25}';

/** Each project has an owner of its own, an editor and a client; ids are scattered as random ones are. */
const FILL = (o: Crowd): string => `
  insert into auth.users (id, email, raw_app_meta_data)
  select md5('user ' || n)::uuid, n || '@crowd.mixdown', '{"daw_role": "pro"}'
  from generate_series(1, ${o.projects}) n;

  insert into daw_projects (id, owner_id, name, seq)
  select md5('project ' || n)::uuid, md5('user ' || n)::uuid, 'Song ' || n, ${o.operationsPerProject}
  from generate_series(1, ${o.projects}) n;

  insert into daw_project_members (project_id, user_id, role)
  select md5('project ' || n)::uuid, md5('user ' || (n - 1 + k) % ${o.projects} + 1)::uuid,
    (array['owner', 'editor', 'client'])[k + 1]
  from generate_series(1, ${o.projects}) n, generate_series(0, 2) k;

  insert into daw_tracks (id, project_id, name, position)
  select md5(format('track %s %s', n, t))::uuid, md5('project ' || n)::uuid, 'Track ' || t, t
  from generate_series(1, ${o.projects}) n, generate_series(0, ${o.tracksPerProject - 1}) t;

  insert into daw_assets (id, project_id, name, channels, sample_rate, frames, source_format, source_sample_rate,
    bytes, sha256, storage_key, peaks_key)
  select md5(format('asset %s %s', n, t))::uuid, md5('project ' || n)::uuid, t || '.wav', 2, 48000, 9600000, 'wav',
    48000, 76800000, repeat('a', 64), format('assets/%s-%s/audio.f32', n, t), format('assets/%s-%s/peaks.json', n, t)
  from generate_series(1, ${o.projects}) n, generate_series(0, ${o.tracksPerProject - 1}) t;

  insert into daw_clips (project_id, track_id, asset_id, start_frame, length_frames)
  select md5('project ' || n)::uuid, md5(format('track %s %s', n, t))::uuid, md5(format('asset %s %s', n, t))::uuid,
    c * 480000, 480000
  from generate_series(1, ${o.projects}) n, generate_series(0, ${o.tracksPerProject - 1}) t, generate_series(0, 1) c;

  insert into daw_plugins (project_id, track_id, position, catalog_id, version, integrity, params)
  select md5('project ' || n)::uuid, md5(format('track %s %s', n, t))::uuid, p, 'mixdown.effect' || p, '1.0.0',
    repeat('b', 64), '${PARAMS}'
  from generate_series(1, ${o.projects}) n, generate_series(0, ${o.tracksPerProject - 1}) t,
    generate_series(0, ${o.pluginsPerTrack - 1}) p;

  insert into daw_operations (project_id, seq, op_id, kind, payload, actor)
  select md5('project ' || n)::uuid, s, gen_random_uuid(), 'plugin.params', '{"params": ${PARAMS}}',
    md5('user ' || n)::uuid
  from generate_series(1, ${o.projects}) n, generate_series(1, ${o.operationsPerProject}) s;

  insert into daw_exports (id, project_id, project_name, requested_by, idempotency_key, fingerprint, snapshot,
    snapshot_seq, options, status, error)
  select md5(format('export %s %s', n, e))::uuid, md5('project ' || n)::uuid, 'Song ' || n,
    md5('user ' || n)::uuid, format('crowd-export-key-%s-%s', n, e), 'f', '{"project": ${PARAMS}}', 1,
    '{"format": "wav"}', 'failed', '{"code": "render_failed", "message": "x"}'
  from generate_series(1, ${o.projects}) n, generate_series(1, ${o.exportsPerProject}) e;

  insert into daw_export_events (export_id, project_id, to_status, attempt, actor)
  select id, project_id, 'queued', 0, 'user:' || requested_by from daw_exports;`;

/**
 * Puts a crowd's projects into a migrated database and lets the planner know. Needs a superuser: triggers and foreign
 * keys rest meanwhile, since what is written is right by construction.
 */
export async function fillDatabase(pool: pg.Pool, crowd: Crowd): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin; set local session_replication_role = replica');
    await client.query(FILL(crowd));
    await client.query('commit');
    // As autovacuum would have left it.
    await client.query('vacuum analyze');
  } finally {
    client.release();
  }
}
