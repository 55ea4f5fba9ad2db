import type { Catalog } from '@mixdown/contract';
import type { ObjectStorage } from '@mixdown/storage';
import type { Metrics, Telemetry } from '@mixdown/telemetry';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { CheckFile } from './render/render-job.ts';
import type { RenderLimits } from './render/render-process.ts';

export interface WorkerTimings {
  readonly leaseSeconds: number;
  readonly heartbeatMs: number;
  readonly pollMs: number;
  readonly reapMs: number;
  /** How often objects whose rows are gone are deleted. */
  readonly orphansMs: number;
  /** How often the log of operations and abandoned guests are cleared away. */
  readonly upkeepMs: number;
}

/**
 * A lease of 10 s is renewed ten times over before it ends, and a killed worker's export runs again within lease +
 * reap + 1 s. The heartbeat also bounds how late a cancellation is seen if its notification is lost.
 */
export const DEFAULT_TIMINGS: WorkerTimings = {
  leaseSeconds: 10,
  heartbeatMs: 1_000,
  pollMs: 2_000,
  reapMs: 2_000,
  orphansMs: 60_000,
  upkeepMs: 60 * 60 * 1_000,
};

export interface WorkerDeps {
  readonly pool: Pool;
  /** For LISTEN, which needs a connection of its own. */
  readonly databaseUrl: string;
  readonly storage: ObjectStorage;
  readonly catalog: Catalog;
  readonly checkFile: CheckFile;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Exports that this worker runs at once. */
  readonly slots: number;
  /** Exports that run at once over all workers, and for one user. */
  readonly total: number;
  readonly perUser: number;
  /** Processor cores that renders share. */
  readonly cores: number;
  /** Where mixes wait between two passes. */
  readonly spoolRoot: string;
  /** Of the file storage; render processes open it themselves. */
  readonly dataDir: string;
  /** Where render processes find out how to reach the object storage; they see nothing else of it. */
  readonly env: NodeJS.ProcessEnv;
  /** Of the code that renders and encodes, see `renderCode`. */
  readonly renderCode: string;
  /** Whether identical exports of a project share the work. */
  readonly reuse: boolean;
  readonly timings: WorkerTimings;
  readonly limits: RenderLimits;
}
