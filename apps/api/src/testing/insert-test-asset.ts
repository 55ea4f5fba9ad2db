import type { TestServer } from './test-server.ts';

/** A row of canonical audio, without its objects: for whatever only reads rows. Mono, at 48 kHz; its id. */
export async function insertTestAsset(
  { db }: Pick<TestServer, 'db'>,
  o: { projectId: string; frames: number },
): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format,
       source_sample_rate, bytes, sha256)
     values ($1, 'tone', 1, 48000, $2, 'generated', 48000, $2::bigint * 4, repeat('0', 64)) returning id`,
    [o.projectId, o.frames],
  );
  return rows[0]?.id as string;
}
