import { useState } from 'react';
import {
  actions,
  type Holder,
  useAccount,
  useCanEdit,
  useProject,
  useRoom,
} from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Avatar } from './avatar.tsx';
import styles from './together.module.css';
import { useCountdown } from './use-countdown.ts';

interface HolderStripProps {
  readonly pluginId: string;
  readonly name: string;
  readonly holder: Holder;
}

/** Below the header of an effect that somebody else edits: who, and the ways to get to edit it oneself. */
export function HolderStrip({ pluginId, name, holder }: HolderStripProps) {
  const asked = useCountdown(useRoom((s) => s.requests[pluginId] ?? null));
  const live = useRoom((s) => s.mode === 'live');
  const canEdit = useCanEdit();
  const mayForce = useProject((s) => s.role === 'owner');
  const admin = useAccount((s) => s.account?.role === 'admin');
  const [confirming, setConfirming] = useState(false);
  return (
    <div className={styles.strip} data-person={holder.color % 8}>
      <span className={styles.holder} data-testid="slot-holder" title={holder.words}>
        <Avatar
          size="sm"
          name={holder.name}
          color={holder.color}
          reconnecting={holder.reconnecting}
        />
        <span className={styles.holderWords}>{holder.words}</span>
      </span>
      {canEdit && live && (
        <span className={styles.stripActions}>
          <Button
            size="sm"
            tone="ghost"
            className={styles.stripButton}
            disabled={asked !== null}
            focusableWhenDisabled
            {...(asked === null && { 'aria-label': `Request control of ${name}` })}
            onClick={() => actions.requestControl(pluginId)}
            data-testid="request-control"
          >
            {asked === null ? 'Request control' : `Asked ${holder.name}… ${asked} s`}
          </Button>
          {(mayForce || admin) && (
            <Button
              size="sm"
              tone="ghost"
              className={styles.stripButton}
              aria-label={`Take over ${name}`}
              onClick={() => setConfirming(true)}
              data-testid="take-over"
            >
              Take over
            </Button>
          )}
        </span>
      )}
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Take over ${name}?`}
        confirmLabel="Take over"
        tone="primary"
        onConfirm={() => actions.takeOver(pluginId)}
      >
        {holder.self
          ? 'Your other tab stops editing it. What it has changed so far is kept.'
          : `${holder.name} stops editing it at once. What they have changed so far is kept.`}
      </ConfirmDialog>
    </div>
  );
}
