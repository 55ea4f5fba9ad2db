import { ChevronDown, GripVertical, Power } from 'lucide-react';
import type { RefObject } from 'react';
import { actions, type SlotStatus, useHolder, useProject } from '../../session/index.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Spinner } from '../../ui/progress.tsx';
import { Avatar } from '../together/avatar.tsx';
import { LookMarkers } from '../together/look-markers.tsx';
import { toggleCollapsed } from './collapse-store.ts';
import { CostBadges } from './cost-badges.tsx';
import styles from './slot.module.css';
import { SlotMenu } from './slot-menu.tsx';
import { isBroken, slotWords } from './slot-words.ts';

interface SlotHeaderProps {
  readonly pluginId: string;
  readonly trackId: string;
  readonly position: number;
  readonly chainLength: number;
  readonly name: string;
  readonly status: SlotStatus;
  readonly collapsed: boolean;
  readonly canEdit: boolean;
  /** Why it cannot be switched, mixed or removed right now, such as "Ana is editing". */
  readonly held: string | undefined;
  readonly handle: RefObject<HTMLDivElement | null>;
  readonly onRemove: () => void;
}

export function SlotHeader(props: SlotHeaderProps) {
  const { pluginId, name, status, collapsed, canEdit, held, handle } = props;
  const bypassed = useProject((s) => s.plugins[pluginId]?.bypassed ?? false);
  const holder = useHolder(pluginId);
  const words = slotWords(status, name);
  return (
    <header className={styles.header}>
      <IconButton
        label={bypassed ? `Switch ${name} on` : `Bypass ${name}`}
        {...(held && { tooltip: held })}
        size="sm"
        className={cx(styles.power, !bypassed && styles.powerOn)}
        aria-pressed={!bypassed}
        focusableWhenDisabled
        disabled={!canEdit || Boolean(held)}
        onClick={() => actions.setBypassed(pluginId, !bypassed)}
      >
        <Power size={13} aria-hidden />
      </IconButton>
      <div ref={handle} className={cx(styles.title, canEdit && styles.grabbable)}>
        <h3 className={styles.name} title={name}>
          {name}
        </h3>
        {collapsed && holder ? (
          <span title={holder.words} data-testid="slot-holder">
            <Avatar
              size="sm"
              name={holder.name}
              color={holder.color}
              reconnecting={holder.reconnecting}
            />
          </span>
        ) : (
          <LookMarkers at={{ pluginId }} />
        )}
        {canEdit && <GripVertical size={12} aria-hidden className={styles.grip} />}
      </div>
      <div className={styles.tools}>
        {status.state === 'loading' && (
          <span className={styles.loading} role="status">
            <Spinner size={13} />
            <span className={styles.loadingText}>Loading</span>
          </span>
        )}
        {(isBroken(status) || status.state === 'bypassed') && (
          <Badge tone={words.tone}>{words.badge}</Badge>
        )}
        {!collapsed && <CostBadges pluginId={pluginId} />}
        {canEdit && !collapsed && <SlotMenu {...props} />}
        <IconButton
          label={collapsed ? `Unfold ${name}` : `Fold ${name}`}
          size="sm"
          tooltip={null}
          aria-expanded={!collapsed}
          onClick={() => toggleCollapsed(pluginId)}
        >
          <ChevronDown
            size={14}
            aria-hidden
            className={cx(styles.chevron, collapsed && styles.chevronFolded)}
          />
        </IconButton>
      </div>
    </header>
  );
}
