import { listen, type Notification } from '@mixdown/database';
import type { Pool } from 'pg';
import type { Bus, BusMessage } from './bus.ts';
import { DATABASE, DATABASE_CHANNELS, messageOf } from './database-messages.ts';
import { createListeners } from './local-bus.ts';
import { createAssembler, type Envelope, inPieces } from './pieces.ts';

const CHANNEL = 'mixdown_room';
/** Payloads that wait for the database; beyond it the oldest are lost, as live values may be. */
const MAX_WAITING = 2_000;

export interface DatabaseBusOptions {
  readonly url: string;
  readonly nodeId: string;
  readonly onError?: (error: Error) => void;
}

/** The listening half: what the database tells by itself, and what other nodes say through it. */
async function hearDatabase(
  { url, nodeId, onError }: DatabaseBusOptions,
  channels: readonly string[],
) {
  const listeners = createListeners();
  const gaps = new Set<() => void>();
  const assemble = createAssembler();
  let connected = false;

  function fromNode(payload: string): void {
    const envelope = JSON.parse(payload) as Envelope;
    if (envelope.from === nodeId || !listeners.has(envelope.p)) return;
    const text = assemble(envelope);
    if (text !== null) listeners.tell(envelope.p, JSON.parse(text) as BusMessage, envelope.from);
  }
  function onNotify(notification: Notification): void {
    if (notification.channel === CHANNEL) {
      fromNode(notification.payload);
      return;
    }
    const heard = messageOf(notification);
    if (heard) listeners.tell(heard.projectId, heard.message, DATABASE);
  }
  const connection = await listen(url, channels, onNotify, {
    onConnect() {
      if (connected) for (const run of [...gaps]) run();
      connected = true;
    },
    ...(onError && { onError }),
  });
  return {
    subscribe: listeners.add,
    onGap(run: () => void) {
      gaps.add(run);
      return () => void gaps.delete(run);
    },
    close: connection.close,
  };
}

/** Only what the database tells by itself; for one node, and below another bus. Rejects if it cannot listen. */
export async function createDatabaseBus(options: DatabaseBusOptions): Promise<Bus> {
  return { ...(await hearDatabase(options, DATABASE_CHANNELS)), publish() {} };
}

/**
 * Nodes that talk through Postgres: over a listening connection of their own, and the pool to speak. Rejects if it
 * cannot listen. Needs a direct or session-mode connection.
 */
export async function createNotifyBus(options: DatabaseBusOptions & { pool: Pool }): Promise<Bus> {
  const { pool, nodeId } = options;
  const heard = await hearDatabase(options, [...DATABASE_CHANNELS, CHANNEL]);
  let waiting: string[] = [];
  let speaking: Promise<void> | null = null;
  let messages = 0;
  let closed = false;

  /** One statement at a time keeps the order; what gathers meanwhile goes with the next. */
  async function speak(): Promise<void> {
    while (waiting.length > 0) {
      const payloads = waiting;
      waiting = [];
      try {
        await pool.query('select pg_notify($1, m) from unnest($2::text[]) as m', [
          CHANNEL,
          payloads,
        ]);
      } catch (error) {
        options.onError?.(error as Error);
      }
    }
    speaking = null;
  }

  return {
    ...heard,
    publish(projectId, message) {
      // The database tells everybody of its log and its locks.
      if (closed || message.kind === 'ops' || message.kind === 'lock') return;
      const id = ++messages;
      waiting.push(...inPieces({ from: nodeId, projectId, id }, JSON.stringify(message)));
      if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
      speaking ??= speak();
    },
    async close() {
      closed = true;
      await speaking;
      await heard.close();
    },
  };
}
