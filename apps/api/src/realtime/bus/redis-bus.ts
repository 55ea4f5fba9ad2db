import { createClient } from '@redis/client';
import type { Bus, BusMessage } from './bus.ts';
import { createListeners } from './local-bus.ts';

const PREFIX = 'mixdown:room:';
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MOST_MS = 2_000;
const CONNECT_MS = 5_000;

export interface RedisBusOptions {
  readonly url: string;
  readonly nodeId: string;
  /** What the database tells by itself, which goes on whatever becomes of Redis. Closed with this bus. */
  readonly below: Bus;
  readonly onError?: (error: Error) => void;
}

/** Nodes that talk through Redis: one channel per project that somebody has open. Rejects if Redis does not answer. */
export async function createRedisBus({
  url,
  nodeId,
  below,
  onError,
}: RedisBusOptions): Promise<Bus> {
  const listeners = createListeners();
  const gaps = new Set<() => void>();
  let connected = false;
  const speaker = createClient({
    url,
    // Live values that are late are worth nothing.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) =>
        connected
          ? Math.min(RECONNECT_FIRST_MS * 2 ** retries, RECONNECT_MOST_MS)
          : new Error('Redis does not answer'),
    },
  });
  const listener = speaker.duplicate({ disableOfflineQueue: false });
  for (const client of [speaker, listener]) client.on('error', (error: Error) => onError?.(error));
  try {
    await Promise.all([speaker.connect(), listener.connect()]);
  } catch (error) {
    for (const client of [speaker, listener]) client.destroy();
    throw error;
  }
  connected = true;
  listener.on('ready', () => {
    for (const run of [...gaps]) run();
  });

  function hear(text: string, channel: string): void {
    const { from, m } = JSON.parse(text) as { from: string; m: BusMessage };
    if (from !== nodeId) listeners.tell(channel.slice(PREFIX.length), m, from);
  }

  return {
    publish(projectId, message) {
      speaker
        .publish(`${PREFIX}${projectId}`, JSON.stringify({ from: nodeId, m: message }))
        .catch(() => {});
    },
    subscribe(projectId, listen) {
      const isFirst = !listeners.has(projectId);
      const stopListening = listeners.add(projectId, listen);
      const stopBelow = below.subscribe(projectId, listen);
      const channel = `${PREFIX}${projectId}`;
      if (isFirst) {
        listener.subscribe(channel, hear).then(
          // What was said until now is missed.
          () => {
            for (const run of [...gaps]) run();
          },
          (error: Error) => onError?.(error),
        );
      }
      return () => {
        stopListening();
        stopBelow();
        if (!listeners.has(projectId)) listener.unsubscribe(channel).catch(() => {});
      };
    },
    onGap(run) {
      gaps.add(run);
      const stopBelow = below.onGap(run);
      return () => {
        gaps.delete(run);
        stopBelow();
      };
    },
    async close() {
      for (const client of [speaker, listener]) client.destroy();
      await below.close();
    },
  };
}
