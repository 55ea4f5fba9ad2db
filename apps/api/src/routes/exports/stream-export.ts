import { Readable } from 'node:stream';
import { refuse } from '@mixdown/contract';
import { z } from 'zod';
import { asCaller } from '../../db/in-transaction.ts';
import { readExportSince } from '../../db/queries/read-export-since.ts';
import { exportView } from '../../exports/export-view.ts';
import { exportEvents } from '../../exports/stream/export-events.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { refusalOfError } from '../../http/refusal-of-error.ts';

/** A reader that takes nothing for this long, heartbeats included, has gone without saying so. */
const STALLED_MS = 60_000;

const Headers = z.object({
  'last-event-id': z
    .string()
    .optional()
    .meta({
      description: 'The last `id` that you have heard: what changed since is told first.',
      examples: ['1204'],
    }),
});

const changeIdOf = (header: string | string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : null;

export default defineRoute({
  method: 'GET',
  url: '/exports/:exportId/events',
  operationId: 'streamExport',
  summary: 'An export as it happens',
  description:
    'Server-sent events. `state` is the whole export, first and after every change; `change` one change of its status, with the `id` to go on from; `progress` how far its stage is. `end` says why the stream ends: `finished`, `access_lost`, `token_expired` or `shutting_down`. Send `Last-Event-ID` to hear every change since. At most 20 streams of one account are open at once.',
  tag: 'Exports',
  access: 'account',
  params: ExportParams,
  headers: Headers,
  response: {
    200: {
      description: 'The events, until the export has come to its end',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
  refusals: ['quota_exceeded', 'unavailable'],
  async handleLong({ params: { exportId }, services, request, reply }) {
    const identity = requireIdentity(request);
    const read = (after: number | null) =>
      asCaller(services.pool, identity, (tx) => readExportSince(tx, exportId, after));
    const notFound = refuse('not_found', 'There is no such export, or it is not shared with you.');
    // Whoever may not see it must not be told by the count of their streams either.
    if (!(await read(null))) throw notFound;

    const subscription = await services.exportFeed.open({ exportId, userId: identity.userId });
    reply.raw.once('close', () => subscription.leave());
    const first = await read(changeIdOf(request.headers['last-event-id'])).catch((error) => {
      subscription.leave();
      throw error;
    });
    if (!first || reply.raw.destroyed) subscription.leave();
    if (!first) throw notFound;

    const token = request.headers.authorization?.split(' ')[1] ?? '';
    const expiresAtMs = Number(identity.claims.exp) * 1000;
    const events = exportEvents({
      subscription,
      first,
      read,
      isSignedIn: async () => (await services.verify(token)) !== null,
      view: (row) => exportView(services, identity.userId, row),
      millisecondsLeft: () => Math.max(0, expiresAtMs - Date.now()),
      isPassing: (error) => refusalOfError(error as Error)?.code === 'unavailable',
    });
    reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
    reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-cache, no-transform')
      // So that a server that stops does not wait for connections on which nothing comes any more.
      .header('connection', 'close')
      // Proxies that know it pass every event on at once.
      .header('x-accel-buffering', 'no');
    return Readable.from(events, { objectMode: false, highWaterMark: 1 });
  },
});
