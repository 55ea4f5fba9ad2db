import type { LockView } from '@mixdown/contract';
import type { HeldLock } from './authority.ts';
import type { RoomPlugins } from './room-plugins.ts';

/** Who holds a plugin, as far as a node has heard. */
export interface KnownLock {
  readonly pluginId: string;
  readonly fence: number;
  /** Null = free. */
  readonly session: string | null;
  readonly userId: string | null;
}

/** News come late, doubled and in any order: a higher fence is newer, and under one fence "free" comes last. */
const rank = ({ fence, session }: Pick<KnownLock, 'fence' | 'session'>) =>
  fence * 2 + (session === null ? 1 : 0);

export function createLockTable(plugins: RoomPlugins) {
  const locks = new Map<string, KnownLock>();

  /** Whether this was news. */
  function learn(lock: KnownLock): boolean {
    const known = locks.get(lock.pluginId);
    if (known && rank(known) >= rank(lock)) return false;
    locks.set(lock.pluginId, lock);
    return true;
  }
  const viewOf = ({ pluginId, fence, session, userId }: KnownLock): LockView | null => {
    const h = plugins.byId(pluginId)?.h;
    return h === undefined ? null : { h, f: fence, holder: session, user: userId };
  };

  return {
    of: (pluginId: string) => locks.get(pluginId),
    learn,
    viewOf,
    /** Whether this fence has gone back: late values of it would stay for ever, as nothing durable follows them. */
    isOver(pluginId: string, fence: number): boolean {
      const lock = locks.get(pluginId);
      return lock !== undefined && lock.session === null && fence <= lock.fence;
    },
    held: (): KnownLock[] => [...locks.values()].filter(({ session }) => session !== null),
    views(): LockView[] {
      return this.held().flatMap((lock) => viewOf(lock) ?? []);
    },
    /** Compares with everything that is held by the authority's word, read after `since`; returns what is news. */
    reconcile(held: readonly HeldLock[], since: readonly KnownLock[]): KnownLock[] {
      const there = new Map(held.map((lock) => [lock.pluginId, lock]));
      const news: KnownLock[] = held.map(({ pluginId, fence, session, userId }) => ({
        pluginId,
        fence,
        session,
        userId,
      }));
      for (const lock of since) {
        if (there.has(lock.pluginId) || locks.get(lock.pluginId) !== lock) continue;
        news.push({ ...lock, session: null, userId: null });
      }
      return news;
    },
    forget: (pluginId: string) => locks.delete(pluginId),
  };
}
export type LockTable = ReturnType<typeof createLockTable>;
