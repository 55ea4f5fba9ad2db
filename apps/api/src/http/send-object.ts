import { finished, Readable } from 'node:stream';
import type { ObjectStorage } from '@mixdown/storage';
import { RangeNotSatisfiableError } from '@mixdown/storage';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.ts';
import { sendRefusal } from './error-handler.ts';

export interface ObjectHeaders {
  /** Strong, quoted. */
  readonly etag: string;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly contentDisposition?: string;
}

const listed = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*') ?? false;

/**
 * Streams an object of `size` bytes: whole (200), a part (206), not again (304), or not satisfiable (416). Resolves to
 * whether it was sent: false if the store has no such object. Resolves with the end of the response, and not
 * to the reply itself, which is thenable and rejects where a client has left.
 */
export async function sendObject(
  request: FastifyRequest,
  reply: FastifyReply,
  o: { storage: ObjectStorage; key: string; size: number } & ObjectHeaders,
): Promise<boolean> {
  reply.headers({
    etag: o.etag,
    'accept-ranges': 'bytes',
    'cache-control': o.cacheControl,
    ...(o.contentDisposition && { 'content-disposition': o.contentDisposition }),
  });
  if (listed(request.headers['if-none-match'], o.etag)) return sent(reply.code(304).send());
  const ifRange = request.headers['if-range'];
  const header = ifRange === undefined || ifRange === o.etag ? request.headers.range : undefined;
  const range = parseRange(header, o.size);
  if (range === 'unsatisfiable') return sent(refuseRange(reply, o.size));
  reply.type(o.contentType);
  if (range) reply.header('content-range', `bytes ${range.start}-${range.end}/${o.size}`).code(206);
  reply.header('content-length', range ? range.end - range.start + 1 : o.size);
  // An empty stream, since the framework writes the length of anything else itself.
  if (request.method === 'HEAD') return sent(reply.send(Readable.from([])));
  try {
    const object = await o.storage.get(o.key, range ?? undefined);
    if (!object) {
      for (const name of ['etag', 'content-length', 'content-range', 'content-disposition']) {
        reply.removeHeader(name);
      }
      return false;
    }
    return sent(reply.send(object.body));
  } catch (error) {
    if (error instanceof RangeNotSatisfiableError) return sent(refuseRange(reply, o.size));
    throw error;
  }
}

/** Resolves when the response has ended, or whoever asked has gone: a player that seeks does that all the time. */
const sent = (reply: FastifyReply) =>
  new Promise<boolean>((resolve) => finished(reply.raw, () => resolve(true)));

const refuseRange = (reply: FastifyReply, size: number) =>
  sendRefusal(
    reply
      .removeHeader('content-length')
      .removeHeader('content-disposition')
      .header('content-range', `bytes */${size}`),
    { code: 'range_not_satisfiable', detail: `It has ${size} bytes.` },
  );
