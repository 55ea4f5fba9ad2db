import type { ExportPoller } from './export-poller.ts';
import { followStream, type StreamDeps } from './export-stream.ts';

/** A browser has six connections to a host over HTTP/1.1, and the page needs some of them. */
export const MOST_STREAMS = 2;

export interface FollowerDeps extends Omit<StreamDeps, 'onStuck' | 'onEnd'> {
  readonly poller: ExportPoller;
}

/**
 * Follows exports by their streams as long as there are few of them and streams get through, and by asking where not.
 * Asking is never wrong, only later.
 */
export function createExportFollower({ poller, ...deps }: FollowerDeps) {
  const streams = new Map<string, () => void>();
  const stop = (id: string) => {
    streams.get(id)?.();
    streams.delete(id);
  };
  return {
    /** Follows an export. One that a stream tells of needs nothing more; one that is asked for is asked at once. */
    watch(id: string): void {
      if (streams.has(id)) return;
      if (streams.size >= MOST_STREAMS || poller.watching().includes(id)) {
        poller.watch(id);
        return;
      }
      const end = followStream(id, {
        ...deps,
        onGone(gone) {
          stop(gone);
          deps.onGone(gone);
        },
        onEnd: stop,
        onStuck(stuck) {
          stop(stuck);
          poller.watch(stuck);
        },
      });
      streams.set(id, end);
    },
    streaming: (): string[] => [...streams.keys()],
    close(): void {
      for (const id of [...streams.keys()]) stop(id);
      poller.close();
    },
  };
}
export type ExportFollower = ReturnType<typeof createExportFollower>;
