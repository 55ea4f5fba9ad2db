import pg from 'pg';

export interface Notification {
  readonly channel: string;
  readonly payload: string;
}

export interface ListenOptions {
  /** Called once listening, and again after each reconnection: what was notified in between is lost, so look. */
  readonly onConnect?: () => void;
  readonly onError?: (error: Error) => void;
}

const RECONNECT_FIRST_MS = 100;
const RECONNECT_MOST_MS = 5_000;

/**
 * Listens on `channels` over one connection of its own, and reconnects when that breaks. Resolves once listening;
 * rejects if the first connection fails. NOTIFY is a hint, never the only way to learn something.
 */
export async function listen(
  url: string,
  channels: readonly string[],
  onNotify: (notification: Notification) => void,
  options: ListenOptions = {},
): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'mixdown listen',
      keepAlive: true,
    });
    fresh.on('notification', ({ channel, payload = '' }) => onNotify({ channel, payload }));
    fresh.on('error', (error) => options.onError?.(error));
    try {
      await fresh.connect();
      for (const channel of channels)
        await fresh.query(`listen ${fresh.escapeIdentifier(channel)}`);
    } catch (error) {
      await fresh.end().catch(() => {});
      throw error;
    }
    if (closed) return fresh.end();
    client = fresh;
    fresh.once('end', () => {
      client = undefined;
      reconnect(RECONNECT_FIRST_MS);
    });
    options.onConnect?.();
  };

  const reconnect = (afterMs: number): void => {
    if (closed) return;
    timer = setTimeout(() => {
      connect().catch((error: Error) => {
        options.onError?.(error);
        reconnect(Math.min(afterMs * 2, RECONNECT_MOST_MS));
      });
    }, afterMs);
  };

  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
