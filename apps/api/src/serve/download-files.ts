import { createHash } from 'node:crypto';
import { refuse } from '@mixdown/contract';
import type { FastifyInstance } from 'fastify';
import { findFileStatus } from '../db/queries/find-file-status.ts';
import { LISTENING } from '../exports/export-view.ts';
import { sendObject } from '../http/send-object.ts';
import type { Services } from '../services.ts';

/**
 * `GET /files/:token`: downloads of the file driver. The token is the permission, signed and short-lived; what was held
 * back, taken down or no longer shared after it was signed is not given out any more, but to an admin's link to listen
 * by. With the object store, downloads never come here.
 */
export function downloadFiles({ storage, pool }: Pick<Services, 'storage' | 'pool'>) {
  return async (app: FastifyInstance): Promise<void> => {
    const tokens = storage.fileTokens;
    if (!tokens) return;
    app.get<{ Params: { token: string } }>(
      '/files/:token',
      { schema: { hide: true } },
      async (request, reply) => {
        const grant = tokens.verifyDownloadToken(request.params.token);
        if (!grant)
          throw refuse('not_found', 'This link has expired. Ask for a new one where you got it.');
        const gone = () => refuse('not_found', 'The file is gone.');
        const status = await findFileStatus(pool, grant);
        if (status === 'gone') throw gone();
        if (status === 'held' && grant.disposition !== LISTENING) {
          throw refuse('forbidden', 'This file is held back while it is being reviewed.');
        }
        const head = await storage.head(grant.key);
        if (!head) throw gone();
        const sent = await sendObject(request, reply, {
          storage,
          key: grant.key,
          size: head.bytes,
          // Keys are never written twice, so a key names its content.
          etag: `"${createHash('sha256').update(grant.key).digest('base64url')}"`,
          contentType: grant.type,
          contentDisposition: grant.disposition,
          cacheControl: 'private, max-age=900',
        });
        if (!sent) throw gone();
      },
    );
  };
}
