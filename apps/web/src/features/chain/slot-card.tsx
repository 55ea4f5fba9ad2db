import { Replace, RotateCcw, Trash2, TriangleAlert } from 'lucide-react';
import { actions, openBrowser, type SlotStatus } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import styles from './slot.module.css';
import { slotWords } from './slot-words.ts';

interface SlotCardProps {
  readonly pluginId: string;
  readonly trackId: string;
  readonly position: number;
  readonly name: string;
  readonly catalogId: string;
  readonly status: SlotStatus;
  readonly canEdit: boolean;
}

/** What stands in the place of a plugin that does not process: why, what is kept, and the ways on. */
export function SlotCard(props: SlotCardProps) {
  const { pluginId, trackId, position, name, catalogId, status, canEdit } = props;
  const words = slotWords(status, name);
  return (
    <div className={styles.card} data-tone={words.tone} role="status">
      <TriangleAlert size={18} aria-hidden className={styles.cardIcon} />
      <h4 className={styles.cardTitle}>{words.title}</h4>
      <p className={styles.cardText}>{words.detail}</p>
      <p className={styles.cardNote}>
        Its settings are kept exactly as they are.
        {status.state === 'missing' && <span className={styles.cardId}>{catalogId}</span>}
      </p>
      <div className={styles.cardActions}>
        <Button
          size="sm"
          icon={<RotateCcw size={12} aria-hidden />}
          onClick={() => actions.retryPlugin(pluginId)}
        >
          Retry
        </Button>
        {canEdit && (
          <>
            <Button
              size="sm"
              icon={<Replace size={12} aria-hidden />}
              onClick={() => openBrowser({ trackId, position, replaces: pluginId })}
            >
              Replace
            </Button>
            <Button
              size="sm"
              tone="ghost"
              icon={<Trash2 size={12} aria-hidden />}
              onClick={() => actions.removePlugin(pluginId)}
            >
              Remove
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
