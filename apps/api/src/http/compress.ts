import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Below this, the header costs more than compression saves. */
export const WORTH_COMPRESSING_BYTES = 1024;
const COMPRESSIBLE =
  /^(text\/|image\/svg|application\/(.*\+)?(json|javascript|wasm|xml)|application\/manifest)/;

/** Up to here brotli's best effort takes a fraction of a second; a megabyte of script would keep somebody waiting for ten. */
const SMALL_BYTES = 64 * 1024;

export type Encoding = 'br' | 'gzip';

export const isCompressible = (contentType: string): boolean => COMPRESSIBLE.test(contentType);

/** The best encoding that an Accept-Encoding header allows, or null for none. */
export function acceptedEncoding(header: string | undefined): Encoding | null {
  const offers = (header ?? '').split(',').map((offer) => {
    const [name = '', ...params] = offer
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const q = params.find((param) => param.startsWith('q='));
    return { name, refused: q !== undefined && Number(q.slice(2)) === 0 };
  });
  const accepts = (name: string) => offers.some((offer) => offer.name === name && !offer.refused);
  if (accepts('br')) return 'br';
  return accepts('gzip') ? 'gzip' : null;
}

/** Compresses for many answers (`best`, as far as nobody waits long for the first one), or for a single one (`fast`). */
export function compress(
  body: Buffer,
  encoding: Encoding,
  effort: 'best' | 'fast',
): Promise<Buffer> {
  if (encoding === 'gzip') return toGzip(body, { level: effort === 'best' ? 9 : 6 });
  const quality = effort === 'fast' ? 4 : body.length <= SMALL_BYTES ? 10 : 5;
  return toBrotli(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });
}
