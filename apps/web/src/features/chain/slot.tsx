import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import {
  actions,
  announce,
  catalogEntry,
  pluginName,
  useCanEdit,
  useHolder,
  useProject,
  useSlotStatus,
  useUi,
} from '../../session/index.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { isNarrow } from '../../ui/use-narrow.ts';
import { ParameterPanel } from '../parameters/parameter-panel.tsx';
import { HolderStrip } from '../together/holder-strip.tsx';
import { useRemoteHand } from '../together/use-remote-hand.ts';
import { toggleCollapsed, useIsCollapsed } from './collapse-store.ts';
import { edgeAt } from './drop-position.ts';
import { focusSlot, slotElementId } from './focus-slot.ts';
import styles from './slot.module.css';
import { SlotCard } from './slot-card.tsx';
import { SlotHeader } from './slot-header.tsx';
import { slotKey } from './slot-keys.ts';
import { SlotMix } from './slot-mix.tsx';
import { isBroken, slotWords } from './slot-words.ts';
import { useSlotDrag } from './use-slot-drag.ts';
import { useSlotDrop } from './use-slot-drop.ts';

interface SlotProps {
  readonly pluginId: string;
  readonly trackId: string;
  readonly position: number;
  /** Plugin ids in signal order. */
  readonly chain: readonly string[];
}

/** One plugin in its chain: header, dry/wet, and its parameters or the card that says why there are none. */
export function Slot({ pluginId, trackId, position, chain }: SlotProps) {
  const element = useRef<HTMLElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const catalogId = useProject((s) => s.plugins[pluginId]?.catalogId ?? '');
  const entry = catalogEntry(catalogId);
  const name = pluginName(catalogId);
  const status = useSlotStatus(pluginId);
  const collapsed = useIsCollapsed(pluginId);
  const canEdit = useCanEdit();
  const selected = useUi((s) => s.selectedPluginId === pluginId);
  const holder = useHolder(pluginId);
  const remote = useRemoteHand(pluginId);
  const locked = canEdit ? holder?.words : 'You can listen, not edit';
  const broken = isBroken(status);

  const dragging = useSlotDrag(element, handle, {
    source: { pluginId, trackId, index: position },
    name,
    enabled: canEdit,
  });
  const edge = useSlotDrop(element, (pointer, box) => ({
    trackId,
    index: position,
    edge: edgeAt(box, pointer, isNarrow() ? 'column' : 'row'),
  }));

  // Moving an element in the page costs it its focus: after a move by key it is given back.
  const refocus = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new position is what it waits for
  useLayoutEffect(() => {
    if (!refocus.current) return;
    refocus.current = false;
    element.current?.focus({ preventScroll: true });
    element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [position]);

  const remove = () => {
    if (locked) return announce(`${name}: ${locked}`);
    focusSlot(chain[position + 1] ?? chain[position - 1] ?? null);
    actions.removePlugin(pluginId);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const action = slotKey(event);
    if (!action || (!canEdit && action.kind !== 'focus' && action.kind !== 'collapse')) return;
    event.preventDefault();
    event.stopPropagation();
    switch (action.kind) {
      case 'move':
        refocus.current = chain[position + action.by] !== undefined;
        return actions.movePlugin(pluginId, { position: position + action.by });
      case 'focus':
        return focusSlot(chain[position + action.by] ?? null);
      case 'remove':
        return remove();
      case 'bypass':
        if (locked) return announce(`${name}: ${locked}`);
        return actions.setBypassed(pluginId, status.state !== 'bypassed');
      case 'collapse':
        return toggleCollapsed(pluginId);
    }
  };

  return (
    <article
      ref={element}
      id={slotElementId(pluginId)}
      className={cx(
        styles.slot,
        selected && styles.selected,
        collapsed && styles.collapsed,
        dragging && styles.dragging,
      )}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the slot itself is moved and removed by keys
      tabIndex={0}
      aria-label={[
        name,
        slotWords(status, name).badge.toLowerCase(),
        `${position + 1} of ${chain.length}`,
        ...(holder ? [holder.words] : []),
      ].join(', ')}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight Delete 0"
      data-testid={`slot-${pluginId}`}
      data-state={status.state}
      data-catalog-id={catalogId}
      data-edge={edge ?? undefined}
      onFocus={() => useUi.setState({ selectedPluginId: pluginId })}
      onPointerDown={() => useUi.setState({ selectedPluginId: pluginId })}
      onKeyDown={onKeyDown}
    >
      <SlotHeader
        {...{ pluginId, trackId, position, name, status, collapsed, canEdit, handle }}
        chainLength={chain.length}
        held={holder?.words}
        onRemove={remove}
      />
      {holder && !collapsed && <HolderStrip {...{ pluginId, name, holder }} />}
      {!collapsed && (
        <div className={styles.body} data-off={status.state === 'bypassed' ? '' : undefined}>
          <ErrorBoundary what={`The panel of ${name}`} resetKey={pluginId}>
            {broken || !entry ? (
              <SlotCard
                {...{ pluginId, trackId, position, name }}
                catalogId={catalogId}
                canEdit={canEdit && !holder}
                status={cardStatus()}
              />
            ) : (
              <ParameterPanel {...{ pluginId, entry, locked, remote }} />
            )}
          </ErrorBoundary>
        </div>
      )}
      {!collapsed && !broken && entry && (
        <SlotMix pluginId={pluginId} name={name} locked={locked} />
      )}
    </article>
  );

  /** Without an entry in the catalog nothing can load: the engine knows no more, not even its name. */
  function cardStatus() {
    return entry ? status : ({ state: 'missing' } as const);
  }
}
