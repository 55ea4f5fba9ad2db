import type { ParamChangeThrottle } from '@mixdown/telemetry/browser';
import { keepEdits } from './offline-edits.ts';
import type { ProjectSession } from './project-session.ts';
import type { RoomHost } from './room/room-host.ts';
import type { Unsent } from './room/room-link.ts';
import { keepSessionId, reclaimSessionId } from './room/session-id.ts';
import { useAccount } from './stores/account-store.ts';

/** With the network there, requests outlive the page; without it the edits wait in this browser for the next visit. */
export function saveRest(projectId: string, session: ProjectSession, unsent: Unsent): void {
  session.sendOverHttp(unsent);
  const status = session.saveStatus();
  const reachable = navigator.onLine && (status === 'saving' || status === 'saved');
  const behind = session.leave();
  keepEdits(projectId, reachable ? behind : session.pending());
}

/** Everything that must reach the server before the page goes, and that a new connection sets going again. */
export function watchPage(
  projectId: string,
  session: ProjectSession,
  o: {
    readonly room: RoomHost;
    readonly changes: ParamChangeThrottle;
    /** The page is in front again, or the network is back. */
    readonly catchUp: () => Promise<unknown>;
  },
): () => void {
  const { room, changes, catchUp } = o;
  const stop = new AbortController();
  const leave = () => {
    changes.flush();
    saveRest(projectId, session, room.leave());
    keepSessionId();
  };
  const back = () => {
    session.resume();
    room.retry();
    void catchUp();
  };
  const hide = () => {
    if (document.visibilityState !== 'hidden') return back();
    changes.flush();
    // The page may never come back, and nothing says so: a telephone takes hidden pages away.
    saveRest(projectId, session, room.hide());
  };
  const restored = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    reclaimSessionId();
    back();
  };
  window.addEventListener('pagehide', leave, stop);
  window.addEventListener('pageshow', restored, stop);
  document.addEventListener('visibilitychange', hide, stop);
  window.addEventListener('online', back, stop);
  const unwatchAccount = useAccount.subscribe((now, before) => {
    if (before.expired && !now.expired) back();
  });
  return () => {
    stop.abort();
    unwatchAccount();
  };
}
