import { createHash } from 'node:crypto';

export interface CountedBody extends AsyncIterable<Uint8Array> {
  /** Valid once the body was read to its end. */
  result(): { bytes: number; sha256: string };
}

/** Passes a body through while counting and hashing it; throws the signal's reason between two chunks. */
export function counted(
  body: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
  /** Sees each chunk on its way. */
  onChunk?: (chunk: Uint8Array) => void,
): CountedBody {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of abortable(body, signal)) {
      if (chunk.byteLength === 0) continue;
      bytes += chunk.byteLength;
      hash.update(chunk);
      onChunk?.(chunk);
      yield chunk;
    }
  }
  return { [Symbol.asyncIterator]: pass, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** SHA-256 (hex) of a body that is read for nothing else. */
export async function sha256Of(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}

/** A body that hangs must not hold an abort back: each step races against the signal. */
async function* abortable(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const iterator = body[Symbol.asyncIterator]();
  let finished = false;
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  const onAbort = () => aborted.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (true) {
      const step = iterator.next();
      const { done, value } = await (signal ? Promise.race([step, aborted.promise]) : step);
      if (done) {
        finished = true;
        return;
      }
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Not awaited after an abort: an iterator that hangs in next() never settles its return() either.
    const closing = finished ? undefined : iterator.return?.();
    if (signal?.aborted) closing?.catch(() => undefined);
    else await closing;
  }
}
