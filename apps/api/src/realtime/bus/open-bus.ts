import type { Pool } from 'pg';
import type { Bus } from './bus.ts';
import { createDatabaseBus, createNotifyBus } from './notify-bus.ts';
import { createRedisBus } from './redis-bus.ts';

/** The bus that the settings choose: Redis where there is one, else Postgres. Rejects if it does not answer. */
export async function openBus(o: {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly pool: Pool;
  readonly nodeId: string;
  readonly onError?: (error: Error) => void;
}): Promise<Bus> {
  const { databaseUrl: url, redisUrl, pool, nodeId } = o;
  const common = { url, nodeId, ...(o.onError && { onError: o.onError }) };
  if (redisUrl === null) return createNotifyBus({ ...common, pool });
  const below = await createDatabaseBus(common);
  try {
    return await createRedisBus({ ...common, url: redisUrl, below });
  } catch (error) {
    await below.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`REDIS_URL: Redis cannot be reached (${why}).`);
  }
}
