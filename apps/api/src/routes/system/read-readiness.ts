import { refuse } from '@mixdown/contract';
import { sql } from 'kysely';
import { z } from 'zod';
import { asCaller } from '../../db/in-transaction.ts';
import { defineRoute } from '../../http/define-route.ts';

/** A load balancer asks every few seconds and would rather hear "no" than wait. */
const PATIENCE_MS = 2_000;

export default defineRoute({
  method: 'GET',
  url: '/readyz',
  operationId: 'readReadiness',
  summary: 'Whether requests can be served',
  description: 'Asks the database; 503 while it cannot be reached.',
  tag: 'System',
  access: 'anyone',
  response: { 200: z.object({ status: z.literal('ready') }) },
  refusals: ['unavailable'],
  async handleLong({ services }) {
    const asked = asCaller(services.pool, null, (tx) => sql`select 1`.execute(tx));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('too late')), PATIENCE_MS);
    });
    try {
      await Promise.race([asked, late]);
    } catch {
      asked.catch(() => {});
      throw refuse('unavailable', 'The database does not answer.', { retryAfterSeconds: 2 });
    } finally {
      clearTimeout(timer);
    }
    return { status: 'ready' };
  },
});
