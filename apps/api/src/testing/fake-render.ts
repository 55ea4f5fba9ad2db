import { asService } from '@mixdown/database';
import { exportKey } from '@mixdown/storage';
import { sql } from 'kysely';
import type { TestServer } from './test-server.ts';

export const FAKE_PEAKS = { framesPerPeak: 240_000, peaks: 'gX+Bfw==' };

async function* once(content: Buffer) {
  yield content;
}

/** Does what a worker does to an export, with `content` for a file. */
export async function fakeRender(
  { db, storage }: Pick<TestServer, 'db' | 'storage'>,
  exportId: string,
  content: Buffer,
): Promise<void> {
  await asService(db.pool, async (tx) => {
    const { rows } = await sql<{ id: string; project_id: string; lease_token: number }>`
      update public.daw_exports set status = 'rendering', attempt = attempt + 1, worker = 'test',
        lease_token = lease_token + 1, lease_expires_at = clock_timestamp() + interval '1 minute'
      where id = ${exportId} returning id, project_id, lease_token`.execute(tx);
    const { project_id, lease_token } = rows[0] as (typeof rows)[number];
    const key = exportKey(project_id, exportId, String(lease_token), 'wav');
    const { bytes, sha256 } = await storage.put(key, once(content), { contentType: 'audio/wav' });
    for (const to of ['encoding', 'uploading']) {
      await sql`select public.advance_export(${exportId}, ${lease_token}, ${to})`.execute(tx);
    }
    await sql`select public.store_export_peaks(${exportId}, ${lease_token}, ${JSON.stringify(FAKE_PEAKS)}::jsonb)`.execute(
      tx,
    );
    const result = JSON.stringify({
      bytes,
      sha256,
      durationSeconds: 10,
      integratedLufs: -14,
      truePeakDbtp: -1,
      plugins: [],
      omitted: [],
    });
    await sql`select public.complete_export(${exportId}, ${lease_token}, ${result}::jsonb, ${key})`.execute(
      tx,
    );
  });
}
