import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { sendRefusal } from '../http/error-handler.ts';
import type { Services } from '../services.ts';
import { contentTypeOf } from './content-types.ts';
import { IMMUTABLE, type StaticFile, sendStatic, staticFile } from './static-file.ts';

/** Says why a plugin's file is not served, for the host in the page: `not_found` or `integrity`. */
export const REASON_HEADER = 'x-mixdown-reason';

/** Serves `/plugins/<id>/<version>/<file>` of the catalog; a file that is not the listed one, byte for byte, is not. */
export function pluginFiles({ catalogs }: Pick<Services, 'catalogs'>) {
  const loaded = new Map<string, StaticFile>();

  async function load(absolutePath: string, sha256: string): Promise<StaticFile | null> {
    const known = loaded.get(sha256);
    if (known) return known;
    const body = await readFile(absolutePath).catch(() => null);
    // Once more, over the very bytes that will be sent.
    if (!body || createHash('sha256').update(body).digest('hex') !== sha256) return null;
    const file = staticFile(body, {
      contentType: contentTypeOf(absolutePath),
      cacheControl: IMMUTABLE,
    });
    loaded.set(sha256, file);
    return file;
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.get<{ Params: { catalogId: string; version: string; '*': string } }>(
      '/plugins/:catalogId/:version/*',
      { schema: { hide: true } },
      async (request, reply) => {
        const { catalogId, version, '*': path } = request.params;
        const check = catalogs.checkFile(catalogId, version, path);
        const file = check.ok ? await load(check.absolutePath, check.sha256) : null;
        if (file) return sendStatic(request, reply, file);
        const failure = check.ok ? 'integrity' : check.failure;
        reply.header(REASON_HEADER, failure);
        const detail =
          failure === 'integrity'
            ? 'The file is not the one that the catalog describes, so it is not given out.'
            : 'The catalog lists no such file.';
        return sendRefusal(reply, { code: 'not_found', detail, extra: { reason: failure } });
      },
    );
  };
}
