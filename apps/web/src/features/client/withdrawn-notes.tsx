import { X } from 'lucide-react';
import type { Withdrawn } from '../../session/exports/my-exports.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './client.module.css';

/** What went away while somebody looked at it, and why. */
export function WithdrawnNotes({
  withdrawn,
  onDismiss,
}: {
  readonly withdrawn: readonly Withdrawn[];
  readonly onDismiss: (id: string) => void;
}) {
  return (
    <div role="status">
      {withdrawn.map(({ export: view, why }) => (
        <p key={view.id} className={styles.withdrawn} data-testid="withdrawn">
          <span>
            <b>
              {view.projectName}, v{view.version}
            </b>{' '}
            {why === 'unshared'
              ? `is no longer shared with you.${view.sharedBy ? ` Ask ${view.sharedBy} if you still need it.` : ''}`
              : 'has been deleted, or you no longer belong to its project.'}
          </span>
          <IconButton
            label={`Dismiss the note about ${view.projectName}, version ${view.version}`}
            tooltip={null}
            size="sm"
            onClick={() => onDismiss(view.id)}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </p>
      ))}
    </div>
  );
}
