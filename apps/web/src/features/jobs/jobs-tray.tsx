import { Dialog } from '@base-ui/react/dialog';
import { Share2, X } from 'lucide-react';
import { useExports } from '../../session/exports/exports-store.ts';
import { useUi } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { JobCard } from './job-card.tsx';
import { underWayWords } from './job-words.ts';
import styles from './jobs.module.css';

/** All exports of the project, running and past, beside the work. Music goes on underneath. */
export function JobsTray() {
  const open = useUi((s) => s.jobsOpen);
  const exports = useExports((s) => s.exports);
  const underWay = underWayWords(exports);
  return (
    <Dialog.Root
      open={open}
      modal={false}
      onOpenChange={(next) => useUi.setState({ jobsOpen: next })}
      disablePointerDismissal
    >
      <Dialog.Portal>
        <Dialog.Popup className={styles.tray} data-testid="jobs-tray" initialFocus={false}>
          <div className={styles.trayHeader}>
            <Dialog.Title className={styles.trayTitle}>Exports</Dialog.Title>
            {underWay && <span className={styles.meta}>{underWay}</span>}
            <Dialog.Close
              render={
                <IconButton label="Close exports" tooltip={null} className={styles.close ?? ''}>
                  <X size={16} aria-hidden />
                </IconButton>
              }
            />
          </div>
          <div className={styles.list}>
            {exports.map((view) => (
              <JobCard key={view.id} view={view} />
            ))}
            {exports.length === 0 && (
              <EmptyState
                icon={<Share2 size={22} aria-hidden />}
                title="No exports yet"
                actions={
                  <Button onClick={() => useUi.setState({ exportOpen: true })}>Export…</Button>
                }
              >
                Files stay here with their loudness, true peak and link.
              </EmptyState>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
