import { asService } from '@mixdown/database';
import type { ObjectStorage } from '@mixdown/storage';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { deleteBelow } from '../upload/delete-below.ts';

interface Orphan {
  readonly id: number;
  readonly key: string;
  readonly isPrefix: boolean;
}

const AT_ONCE = 100;

/**
 * Deletes the objects whose rows are gone, as the database lists them. Two workers never get the same one; what a
 * killed worker had claimed comes back after a while. Returns how many entries were dealt with.
 */
export async function deleteOrphans(pool: Pool, storage: ObjectStorage): Promise<number> {
  let count = 0;
  while (true) {
    const orphans = await asService(pool, async (trx) => {
      const { rows } = await sql<Orphan>`
        select id, key, is_prefix as "isPrefix" from claim_orphaned_objects(${AT_ONCE})`.execute(
        trx,
      );
      return rows;
    });
    if (orphans.length === 0) return count;
    const gone: number[] = [];
    try {
      for (const orphan of orphans) {
        await deleteOne(storage, orphan);
        gone.push(orphan.id);
      }
    } finally {
      if (gone.length > 0) {
        await asService(pool, (trx) => sql`select forget_orphaned_objects(${gone})`.execute(trx));
      }
    }
    count += gone.length;
  }
}

async function deleteOne(storage: ObjectStorage, { key, isPrefix }: Orphan): Promise<void> {
  if (!isPrefix) return storage.delete(key);
  await deleteBelow(storage, key);
}
