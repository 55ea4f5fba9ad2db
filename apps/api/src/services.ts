import type { OpenedStorage } from '@mixdown/storage';
import type { Metrics, Telemetry } from '@mixdown/telemetry';
import type { LoadedCatalogs } from '@mixdown/wam-catalog/node';
import type { Pool } from 'pg';
import type { Verify } from './auth/verify-token.ts';
import type { Config } from './config/config.ts';
import type { ExportFeed } from './exports/stream/export-feed.ts';

/** What every route works with. */
export interface Services {
  readonly config: Config;
  readonly pool: Pool;
  readonly storage: OpenedStorage;
  readonly catalogs: Pick<LoadedCatalogs, 'catalog' | 'checkFile'>;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly verify: Verify;
  /** Wakes the streams of exports. */
  readonly exportFeed: ExportFeed;
  /** Origin under which browsers reach us, known once we listen. */
  publicUrl(): string;
}
