import { Outlet } from '@tanstack/react-router';
import { dismissToast, useAnnouncement, useToasts } from '../session/index.ts';
import { SessionEndedDialog } from '../shell/session-ended-dialog.tsx';
import { LiveRegion } from '../ui/live-region.tsx';
import { Toasts } from '../ui/toasts.tsx';

/** What every page has: messages, spoken and written, and the way back into a session that ended. */
export function Root() {
  const toasts = useToasts((s) => s.toasts);
  const { text, id } = useAnnouncement();
  return (
    <>
      <Outlet />
      <Toasts toasts={toasts} onDismiss={dismissToast} />
      <LiveRegion message={text} id={id} />
      <SessionEndedDialog />
    </>
  );
}
