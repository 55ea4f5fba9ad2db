import { EXPORT_STREAM, type ExportStreamEvent } from '@mixdown/contract';
import type { z } from 'zod';

export interface StreamEvent {
  readonly event: string;
  readonly id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it has asked for, as with `json()` of answers
  readonly data: any;
}

export interface EventStream extends AsyncDisposable {
  readonly response: Response;
  /** The next event; null at the end of the stream. Comments are passed over. */
  next(): Promise<StreamEvent | null>;
  /** All that is to come until the stream ends. */
  rest(): Promise<StreamEvent[]>;
  /** Breaks the connection. */
  close(): Promise<void>;
}

const fieldOf = (block: string, name: string): string | null => {
  const line = block.split('\n').find((text) => text.startsWith(`${name}: `));
  return line === undefined ? null : line.slice(name.length + 2);
};

/** An event as a browser would read it, its data checked against the contract; null for comments and settings. */
function eventOf(block: string): StreamEvent | null {
  const event = fieldOf(block, 'event');
  if (event === null) return null;
  const schema: z.ZodType = EXPORT_STREAM[event as ExportStreamEvent];
  return {
    event,
    id: fieldOf(block, 'id'),
    data: schema.parse(JSON.parse(fieldOf(block, 'data') ?? '')),
  };
}

/** Opens a stream of server-sent events over a real connection. */
export async function openEventStream(
  url: string,
  o: { token: string | undefined; lastEventId?: string | null },
): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(url, {
    headers: {
      authorization: `Bearer ${o.token}`,
      ...(o.lastEventId && { 'last-event-id': o.lastEventId }),
    },
    signal: abort.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function block(): Promise<string | null> {
    while (!text.includes('\n\n')) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return null;
      text += chunk.value;
    }
    const [first = '', ...others] = text.split('\n\n');
    text = others.join('\n\n');
    return first;
  }
  const stream: EventStream = {
    response,
    async next() {
      for (let one = await block(); one !== null; one = await block()) {
        const event = eventOf(one);
        if (event) return event;
      }
      return null;
    },
    async rest() {
      const events: StreamEvent[] = [];
      for (let one = await stream.next(); one; one = await stream.next()) events.push(one);
      return events;
    },
    async close() {
      abort.abort();
      await reader?.cancel().catch(() => {});
    },
    [Symbol.asyncDispose]: () => stream.close(),
  };
  return stream;
}
