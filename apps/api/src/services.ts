import type { OpenedStorage } from '@mixdown/storage';
import type { Metrics, Telemetry } from '@mixdown/telemetry';
import type { LoadedCatalogs } from '@mixdown/wam-catalog/node';
import type { Pool } from 'pg';
import type { Verify } from './auth/verify-token.ts';
import type { Config } from './config/config.ts';

/** What every route works with. */
export interface Services {
  readonly config: Config;
  readonly pool: Pool;
  readonly storage: OpenedStorage;
  readonly catalogs: Pick<LoadedCatalogs, 'catalog' | 'checkFile'>;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly verify: Verify;
  /** Origin under which browsers reach us, known once we listen. */
  publicUrl(): string;
}
