/** The parts of a Sentry event that tests look at; `raw` is everything. */
export interface ReceivedError {
  readonly type: string;
  readonly message: string;
  readonly release: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly raw: Readonly<Record<string, unknown>>;
}

interface WireError {
  message?: string;
  release?: string;
  tags?: Record<string, unknown>;
  exception?: { values?: { type?: string; value?: string }[] };
}

/** The error events of an envelope: lines of JSON, a header for the whole and one before each item. */
export function decodeSentry(body: Buffer): ReceivedError[] {
  const found: ReceivedError[] = [];
  let at = body.indexOf('\n') + 1;
  while (at > 0 && at < body.length) {
    const headerEnd = endOfLine(body, at);
    const header = JSON.parse(body.subarray(at, headerEnd).toString() || '{}') as {
      type?: string;
      length?: number;
    };
    const start = headerEnd + 1;
    const end = header.length === undefined ? endOfLine(body, start) : start + header.length;
    if (header.type === 'event') found.push(asError(body.subarray(start, end).toString()));
    at = end + 1;
  }
  return found;
}

function asError(json: string): ReceivedError {
  const event = JSON.parse(json) as WireError;
  const last = event.exception?.values?.at(-1);
  const tags = Object.entries(event.tags ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    type: last?.type ?? 'message',
    message: last?.value ?? event.message ?? '',
    release: event.release,
    tags: Object.fromEntries(tags) as Record<string, string>,
    raw: event as Record<string, unknown>,
  };
}

function endOfLine(body: Buffer, from: number): number {
  const end = body.indexOf('\n', from);
  return end < 0 ? body.length : end;
}
