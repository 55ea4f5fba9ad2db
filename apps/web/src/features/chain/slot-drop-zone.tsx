import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import { useProject } from '../../session/index.ts';
import styles from './chain.module.css';
import { readSource } from './drag-data.ts';
import { useTrackDrop } from './use-slot-drop.ts';

/**
 * Lies over a track's row while a slot is dragged, and takes it to the end of that track's chain. Its parent must be
 * positioned. Keyboards have "Move to track" in the slot's menu.
 */
export function SlotDropZone({ trackId }: { readonly trackId: string }) {
  const zone = useRef<HTMLDivElement>(null);
  const [awake, setAwake] = useState(false);
  const chainLength = useProject((s) => s.chains[trackId]?.length ?? 0);
  const over = useTrackDrop(zone, trackId, chainLength);
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => {
          const dragged = readSource(source.data);
          return dragged !== null && dragged.trackId !== trackId;
        },
        onDragStart: () => setAwake(true),
        onDrop: () => setAwake(false),
      }),
    [trackId],
  );
  return (
    <div
      ref={zone}
      aria-hidden
      className={styles.zone}
      data-awake={awake ? '' : undefined}
      data-over={over ? '' : undefined}
    />
  );
}
