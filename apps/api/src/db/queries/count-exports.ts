import { asService } from '@mixdown/database';
import type { ExportCounts, Metrics } from '@mixdown/telemetry';
import { sql } from 'kysely';
import type { Pool } from 'pg';

/** Lets each scrape of the metrics read how many exports stand in which status. */
export function watchExportQueue(pool: Pool, metrics: Metrics): void {
  metrics.watchExportQueue(() =>
    asService(pool, async (tx) => {
      const { rows } = await sql<{ status: string; count: number }>`
        select status, count(*) as count from public.daw_exports group by status`.execute(tx);
      return Object.fromEntries(rows.map((row) => [row.status, row.count])) as ExportCounts;
    }),
  );
}
