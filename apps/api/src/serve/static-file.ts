import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  acceptedEncoding,
  compress,
  type Encoding,
  isCompressible,
  WORTH_COMPRESSING_BYTES,
} from '../http/compress.ts';

/** A small file in memory, compressed once per encoding, when first asked for. */
export interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly sha256: string;
  readonly compressed: Map<Encoding, Promise<Buffer>>;
}

export const staticFile = (
  body: Buffer,
  o: { contentType: string; cacheControl: string },
): StaticFile => ({
  body,
  ...o,
  sha256: createHash('sha256').update(body).digest('hex'),
  compressed: new Map(),
});

/** Never asked for again: the name changes with the content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Kept, but asked for each time; the ETag makes that cheap. */
export const REVALIDATE = 'no-cache';

export async function sendStatic(
  request: FastifyRequest,
  reply: FastifyReply,
  file: StaticFile,
): Promise<FastifyReply> {
  const worth = isCompressible(file.contentType) && file.body.length >= WORTH_COMPRESSING_BYTES;
  const encoding = worth ? acceptedEncoding(request.headers['accept-encoding']) : null;
  // Each encoding is a representation of its own, and a strong tag names one.
  const etag = `"${file.sha256.slice(0, 32)}${encoding ? `-${encoding}` : ''}"`;
  reply.headers({ etag, 'cache-control': file.cacheControl });
  if (worth) reply.header('vary', 'accept-encoding');
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim());
  if (known?.includes(etag)) return reply.code(304).send();
  reply.type(file.contentType);
  if (!encoding) return reply.send(file.body);
  let body = file.compressed.get(encoding);
  if (!body) {
    body = compress(file.body, encoding, 'best');
    file.compressed.set(encoding, body);
  }
  return reply.header('content-encoding', encoding).send(await body);
}
