import { createHash, type Hash } from 'node:crypto';

export interface PartDigests {
  update(chunk: Uint8Array): void;
  /** Whether this is the ETag that a store gives to these bytes. Ends the computation. */
  matches(etag: string | undefined): boolean;
}

/**
 * The ETag that S3 and R2 compute of what has arrived, computed here of what was sent: the MD5 of an object that came
 * in one request, else the MD5 of its parts' MD5s, a hyphen and how many. `partBytes` is the size of all parts but the
 * last one.
 */
export function digestParts(partBytes: number): PartDigests {
  const digests: Buffer[] = [];
  let part: Hash = createHash('md5');
  let filled = 0;
  const endPart = () => {
    digests.push(part.digest());
    part = createHash('md5');
    filled = 0;
  };
  return {
    update(chunk) {
      for (let at = 0; at < chunk.byteLength; ) {
        // Only now: a body that ends with a full part has no empty one behind it.
        if (filled === partBytes) endPart();
        const take = Math.min(chunk.byteLength - at, partBytes - filled);
        part.update(chunk.subarray(at, at + take));
        filled += take;
        at += take;
      }
    },
    matches(etag) {
      endPart();
      const whole = digests.length === 1 && digests[0]?.toString('hex');
      const inParts = `${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${digests.length}`;
      const plain = etag?.replaceAll('"', '').toLowerCase();
      return plain !== undefined && (plain === whole || plain === inParts);
    },
  };
}
