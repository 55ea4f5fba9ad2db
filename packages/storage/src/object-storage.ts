import type { Readable } from 'node:stream';

export interface PutOptions {
  readonly contentType: string;
  /** Kept with the object and sent with every download of it. */
  readonly contentDisposition?: string;
  /** Ends the upload; nothing of it stays behind. */
  readonly signal?: AbortSignal;
}

/** Bytes `start` to `end`, both inclusive; `end` past the last byte means up to the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PresignOptions {
  /** 1 … MAX_URL_SECONDS. */
  readonly expiresInSeconds: number;
  readonly contentDisposition: string;
  readonly contentType: string;
  /**
   * The account that it is minted for. Kept in links that lead through us, so that what somebody may not see any more is
   * not given out by a link of theirs either; object stores cannot look that up.
   */
  readonly viewer?: string;
}

/**
 * Where audio lives. Keys are paths of `[A-Za-z0-9._-]` segments (see `checkKey`).
 * Absence is a value (`null`); everything else that goes wrong is thrown.
 */
export interface ObjectStorage {
  /**
   * Streams `body` in constant memory. The object appears whole, or not at all. `sha256` is hex, of the bytes sent; where
   * they travel, it has been made sure that the same ones have arrived.
   */
  put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: PutOptions,
  ): Promise<{ bytes: number; sha256: string }>;
  head(key: string): Promise<{ bytes: number; contentType: string } | null>;
  /** `bytes` counts what `body` yields. Whoever asks reads `body` to its end or destroys it. */
  get(
    key: string,
    range?: ByteRange,
  ): Promise<{ body: Readable; bytes: number; totalBytes: number; contentType: string } | null>;
  /**
   * A second object with the same bytes, without sending them through here; null where there is nothing at `from`. The
   * two live and die apart. Up to 5 GB, which is what object stores copy in one request.
   */
  copy(from: string, to: string, options: PutOptions): Promise<{ bytes: number } | null>;
  /** An object that is not there is fine. */
  delete(key: string): Promise<void>;
  /**
   * Ends uploads that are under way to keys that begin with `prefix`, and takes away what has come of them: for those
   * whose sender was killed. One that still sends finds its upload gone, and fails. Returns how many there were.
   */
  abandonUploads(prefix: string): Promise<number>;
  /** Objects whose key begins with `prefix`, in byte order of their keys. */
  list(prefix: string): AsyncIterable<{ key: string; bytes: number; modifiedAt: Date }>;
  /** A URL that downloads the object without any further proof of identity, until it expires. */
  presignGet(key: string, options: PresignOptions): Promise<{ url: string; expiresAt: Date }>;
}

/** URLs can be passed on, so they live for as long as a click takes to become a download, and are minted per download. */
export const MAX_URL_SECONDS = 15 * 60;

export function checkExpiry(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_URL_SECONDS) {
    throw new RangeError(`a download URL lives 1 to ${MAX_URL_SECONDS} seconds, not ${seconds}`);
  }
}

/** The range begins at or behind the object's end: HTTP 416. */
export class RangeNotSatisfiableError extends Error {
  override readonly name = 'RangeNotSatisfiableError';
  /** Size of the object, or null where the store does not say. */
  readonly totalBytes: number | null;
  constructor(totalBytes: number | null) {
    super('the range begins behind the end of the object');
    this.totalBytes = totalBytes;
  }
}
