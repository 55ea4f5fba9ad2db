import { refuse } from '@mixdown/contract';
import { listen, type Notification } from '@mixdown/database';
import { z } from 'zod';
import { createSubscription, type Subscription } from './subscription.ts';

/** Streams that one account may have open at this process: a few tabs with a few exports each. */
const MAX_STREAMS = 20;
const CHANNELS = ['daw_exports', 'daw_export_progress', 'daw_access'];

const AccessChange = z.object({
  projectId: z.string().nullable(),
  exportId: z.string().nullable(),
  userId: z.string(),
});

interface FeedOptions {
  readonly databaseUrl: string;
  /** Somebody's sessions have changed, perhaps at another process. */
  onUserChange?(userId: string): void;
  onError?(error: Error): void;
}

const accessChangeOf = (payload: string): z.infer<typeof AccessChange> | null => {
  try {
    return AccessChange.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
};

/**
 * Tells streams when to look at their export again: one connection that listens, for all streams of this process, from
 * the first of them on. It says that something has changed, never what: what somebody may see is read with their rights.
 */
export function createExportFeed(o: FeedOptions) {
  const byExport = new Map<string, Set<Subscription>>();
  const byUser = new Map<string, Set<Subscription>>();
  let listener: Promise<{ close(): Promise<void> }> | null = null;
  let closed = false;

  const wake = (subscriptions: Iterable<Subscription> = []) => {
    for (const subscription of subscriptions) subscription.wake();
  };
  const wakeAll = () => {
    for (const subscriptions of byUser.values()) wake(subscriptions);
  };
  function onNotify({ channel, payload }: Notification): void {
    if (channel !== 'daw_access') {
      wake(byExport.get(payload));
      return;
    }
    const change = accessChangeOf(payload);
    if (!change) return;
    if (change.projectId === null && change.exportId === null) o.onUserChange?.(change.userId);
    wake(byUser.get(change.userId));
  }
  const connect = () => {
    listener ??= listen(o.databaseUrl, CHANNELS, onNotify, {
      onConnect: wakeAll,
      ...(o.onError && { onError: o.onError }),
    }).catch((error: unknown) => {
      listener = null;
      throw error;
    });
    return listener;
  };
  const add = (map: Map<string, Set<Subscription>>, key: string, one: Subscription) => {
    const all = map.get(key) ?? new Set();
    map.set(key, all.add(one));
  };
  const remove = (map: Map<string, Set<Subscription>>, key: string, one: Subscription) => {
    const all = map.get(key);
    if (all?.delete(one) && all.size === 0) map.delete(key);
  };

  return {
    /** Begins to watch an export; `leave` ends it. Refuses one stream too many of an account, and while closing. */
    async open({ exportId, userId }: { exportId: string; userId: string }): Promise<Subscription> {
      await connect();
      if (closed) {
        throw refuse('unavailable', 'This server is about to stop.', { retryAfterSeconds: 1 });
      }
      const open = byUser.get(userId)?.size ?? 0;
      if (open >= MAX_STREAMS) {
        throw refuse('quota_exceeded', `You have ${open} streams open, and that is the most.`, {
          retryAfterSeconds: 5,
          extra: { open, limit: MAX_STREAMS },
        });
      }
      const subscription = createSubscription(() => {
        remove(byExport, exportId, subscription);
        remove(byUser, userId, subscription);
      });
      add(byExport, exportId, subscription);
      add(byUser, userId, subscription);
      return subscription;
    },
    /** Streams that are open. */
    size: () => [...byUser.values()].reduce((sum, all) => sum + all.size, 0),
    /** Lets every stream say goodbye, and stops listening. */
    async close(): Promise<void> {
      closed = true;
      for (const all of byUser.values()) for (const one of all) one.shutDown();
      await (await listener?.catch(() => null))?.close();
    },
  };
}
export type ExportFeed = ReturnType<typeof createExportFeed>;
