import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentTypeOf } from './content-types.ts';
import { IMMUTABLE, REVALIDATE, type StaticFile, sendStatic, staticFile } from './static-file.ts';

/** Addresses that are never pages of the app: a typo there has to be told as one. */
const NOT_PAGES = /^\/(api|auth|plugins|files|assets|healthz|readyz|metrics)(\/|$)/;
/** Vite puts files whose names carry a hash of their content here. */
const HASHED = /^\/assets\//;

export interface WebApp {
  /** Answers if the address is a file or a page of the app, and says so; false = it is neither. */
  serve(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  readonly files: number;
}

/** Loads the built web app into memory: what is not in the folder at the start cannot be asked for. */
export async function loadWebApp(dir: string, pagePolicy: string): Promise<WebApp> {
  const files = new Map<string, StaticFile>();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const url = `/${path.relative(dir, file).split(path.sep).join('/')}`;
    const cacheControl = HASHED.test(url) ? IMMUTABLE : REVALIDATE;
    files.set(
      url,
      staticFile(await readFile(file), { contentType: contentTypeOf(file), cacheControl }),
    );
  }
  const index = files.get('/index.html');

  return {
    files: files.size,
    async serve(request, reply) {
      const url = request.url.split('?')[0] ?? '/';
      const file = files.get(url);
      if (file && file !== index) {
        await sendStatic(request, reply, file);
        return true;
      }
      const isPage = !NOT_PAGES.test(url) && !/\.[a-z0-9]{1,11}$/i.test(url);
      if (!index || !(isPage || file === index)) return false;
      reply.header('content-security-policy', pagePolicy);
      await sendStatic(request, reply, index);
      return true;
    },
  };
}
