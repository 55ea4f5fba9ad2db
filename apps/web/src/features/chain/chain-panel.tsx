import { MAX_CHAIN } from '@mixdown/contract';
import { AudioLines, Blocks, Plus } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { openBrowser, pluginName, useCanEdit, useProject, useUi } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import styles from './chain.module.css';
import { slotElementId } from './focus-slot.ts';
import { InsertButton } from './insert-button.tsx';
import { Slot } from './slot.tsx';
import { useTrackDrop } from './use-slot-drop.ts';

/** The rack at the bottom: the effects of the selected track in signal order. */
export function ChainPanel() {
  const trackId = useUi((s) => s.selectedTrackId);
  const exists = useProject((s) => trackId !== null && s.tracks[trackId] !== undefined);
  if (!trackId || !exists)
    return (
      <section className={styles.panel} aria-label="Effects">
        <EmptyState
          className={styles.empty}
          icon={<AudioLines size={20} aria-hidden />}
          title="No track selected"
        >
          Select a track to see its effects.
        </EmptyState>
      </section>
    );
  return <TrackChain key={trackId} trackId={trackId} />;
}

const NONE: readonly string[] = [];

function TrackChain({ trackId }: { readonly trackId: string }) {
  const rack = useRef<HTMLDivElement>(null);
  const name = useProject((s) => s.tracks[trackId]?.name ?? '');
  const color = useProject((s) => s.tracks[trackId]?.color ?? 'slate');
  const chain = useProject((s) => s.chains[trackId] ?? NONE);
  const plugins = useProject((s) => s.plugins);
  const canEdit = useCanEdit();
  const over = useTrackDrop(rack, trackId, chain.length);
  useFollowSelection(chain);

  const nameOf = (pluginId: string) => pluginName(plugins[pluginId]?.catalogId ?? '');
  const full = chain.length >= MAX_CHAIN;
  const add = (
    <Button
      data-testid="add-plugin"
      tone={chain.length ? 'ghost' : 'primary'}
      className={chain.length ? styles.add : undefined}
      disabled={full}
      focusableWhenDisabled
      icon={<Plus size={15} aria-hidden />}
      aria-label={full ? `Full: a chain holds ${MAX_CHAIN} effects` : `Add effect to ${name}`}
      onClick={() => openBrowser({ trackId, position: null })}
    >
      {full ? 'Full' : 'Add effect'}
    </Button>
  );

  return (
    <section className={styles.panel} aria-label={`Effects of ${name}`} data-track-color={color}>
      <header className={styles.header}>
        <span className={styles.swatch} aria-hidden />
        <h2 className={styles.trackName}>{name}</h2>
        <span className={styles.count}>
          {chain.length === 1 ? '1 effect' : `${chain.length} effects`}
        </span>
        {canEdit && (
          <span className={styles.shortcut} aria-hidden>
            <Kbd keys="Mod+K" /> add
          </span>
        )}
      </header>
      <div ref={rack} className={styles.rack} data-over={over ? '' : undefined}>
        {chain.length === 0 && (
          <EmptyState
            className={styles.empty}
            icon={<Blocks size={20} aria-hidden />}
            title={`${name} has no effects yet`}
            actions={canEdit ? add : undefined}
          >
            Effects sound in the order in which they stand, from left to right.
          </EmptyState>
        )}
        {chain.length > 0 && (
          <ol className={styles.chain}>
            {chain.map((pluginId, position) => (
              <li key={pluginId} className={styles.cell}>
                {canEdit && !full ? (
                  <InsertButton
                    trackId={trackId}
                    position={position}
                    label={`Add an effect before ${nameOf(pluginId)}`}
                  />
                ) : (
                  <span className={styles.wire} aria-hidden />
                )}
                <Slot {...{ pluginId, trackId, position, chain }} />
              </li>
            ))}
            {canEdit && <li className={styles.cell}>{add}</li>}
          </ol>
        )}
      </div>
    </section>
  );
}

/** Brings the selected slot into sight, such as the one that has just been added. */
function useFollowSelection(chain: readonly string[]): void {
  const selected = useUi((s) => s.selectedPluginId);
  const shown = selected !== null && chain.includes(selected);
  useEffect(() => {
    if (!shown) return;
    document
      .getElementById(slotElementId(selected))
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected, shown]);
}
