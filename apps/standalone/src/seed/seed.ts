import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { seedDemoAccounts } from '@mixdown/api/dev-seed';
import { asService, type Work } from '@mixdown/database';
import type { DemoSong } from '@mixdown/demo-material';
import { openStorage } from '@mixdown/storage';
import { loadCatalogs } from '@mixdown/wam-catalog/node';
import type { Pool } from 'pg';
import { CHECKOUT } from '../settings.ts';
import { generateInThread } from './generate-in-thread.ts';
import { insertDemo } from './insert-demo.ts';
import { type StoredDemo, storeDemoAudio } from './store-demo-audio.ts';

type Trx = Parameters<Work<unknown>>[0];

/** Owns the copy that guests start from; without a password, so nobody signs in and spoils it. */
const STUDIO_EMAIL = 'studio@demo.mixdown';

async function studioAccount(trx: Trx): Promise<string> {
  const found = await trx
    .selectFrom('auth.users')
    .select('id')
    .where('email', '=', STUDIO_EMAIL)
    .executeTakeFirst();
  if (found) return found.id;
  const id = randomUUID();
  await trx
    .insertInto('auth.users')
    .values({ id, email: STUDIO_EMAIL, raw_app_meta_data: { daw_role: 'pro' } })
    .execute();
  return id;
}

const hasDemo = (pool: Pool): Promise<boolean> =>
  asService(pool, async (trx) =>
    Boolean(
      await trx
        .selectFrom('daw_projects')
        .select('id')
        .where('is_demo', '=', true)
        .executeTakeFirst(),
    ),
  );

/**
 * The demo accounts and the demo song, on a data folder that has none yet. The song stands twice: untouched, as what
 * guests get a copy of, and as the shared project of the demo accounts. Audio is stored first and its rows are written
 * in one transaction, so a start that is cut short leaves nothing half-made, and the next one begins again. `generating`:
 * the song, where it is being made already.
 */
export async function seed(
  pool: Pool,
  env: NodeJS.ProcessEnv,
  generating: Promise<DemoSong> | null,
): Promise<void> {
  const accounts = await seedDemoAccounts(pool);
  if (await hasDemo(pool)) return;
  const dataDir = env.MIXDOWN_DATA_DIR;
  if (!dataDir) throw new Error('MIXDOWN_DATA_DIR is missing');
  const storage = openStorage(env, { dataDir, publicUrl: '' });
  const { catalog } = await loadCatalogs([path.join(CHECKOUT, 'plugins/dist')]);
  const song: DemoSong = await (generating ?? generateInThread());
  const audio: StoredDemo = await storeDemoAudio(storage, song);
  await asService(pool, async (trx) => {
    const studio = await studioAccount(trx);
    await insertDemo(trx, {
      song,
      audio,
      catalog,
      ownerId: studio,
      name: 'Demo',
      isDemo: true,
      members: [],
    });
    await insertDemo(trx, {
      song,
      audio,
      catalog,
      ownerId: accounts.pro,
      name: 'Demo song',
      isDemo: false,
      members: [
        { userId: accounts.ana, role: 'editor' },
        { userId: accounts.client, role: 'client' },
      ],
    });
  });
}
