import type { Pool } from 'pg';
import type { FrameWrite } from './authority.ts';

/**
 * One statement, hence one round trip and one transaction: this is the hot path of a room. It runs as the pool's own
 * login, which owns the function, and the function writes with the rights of each write's claims.
 */
const WRITE = {
  name: 'daw_write_frames',
  text: 'select to_json(public.daw_write_frames($1::jsonb)) as seqs',
};

interface Waiting {
  readonly write: FrameWrite;
  resolve(seq: number | null): void;
  reject(error: unknown): void;
}

async function send(pool: Pool, batch: readonly Waiting[]): Promise<void> {
  const writes = batch.map(({ write: { identity, projectId: _, ...rest } }) => ({
    ...rest,
    claims: identity.claims,
  }));
  try {
    const { rows } = await pool.query<{ seqs: (number | null)[] }>({
      ...WRITE,
      values: [JSON.stringify(writes)],
    });
    for (const [at, { resolve }] of batch.entries()) resolve(rows[0]?.seqs[at] ?? null);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

/**
 * Writes of one project that come in one turn of the event loop, in one transaction: ten hands cost one round trip, not
 * ten. A failed transaction has written nothing, and every write of it rejects.
 */
export function createFrameBatches(pool: Pool): (write: FrameWrite) => Promise<number | null> {
  const batches = new Map<string, Waiting[]>();
  return (write) =>
    new Promise((resolve, reject) => {
      const waiting = { write, resolve, reject };
      const batch = batches.get(write.projectId);
      if (batch) {
        batch.push(waiting);
        return;
      }
      const fresh = [waiting];
      batches.set(write.projectId, fresh);
      setImmediate(() => {
        batches.delete(write.projectId);
        void send(pool, fresh);
      });
    });
}
