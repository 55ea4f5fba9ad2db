import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
  draggable,
  dropTargetForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import { actions } from '../../session/index.ts';

type Edge = 'top' | 'bottom';

const TRACK = 'track-id';

/** The half of `element` that a pointer at `clientY` is over. */
const edgeAt = (element: Element, clientY: number): Edge => {
  const box = element.getBoundingClientRect();
  return clientY < box.top + box.height / 2 ? 'top' : 'bottom';
};

/** Where a track from `from` comes to stand when it is dropped at an edge of the one at `index`. */
export function dropPosition(from: number, index: number, edge: Edge): number {
  const gap = edge === 'top' ? index : index + 1;
  return from < gap ? gap - 1 : gap;
}

/** Reordering by dragging the handle; the keyboard's way is the handle's arrow keys. */
export function useTrackReorder(trackId: string, index: number, enabled: boolean) {
  const rowRef = useRef<HTMLDivElement>(null);
  const handleRef = useRef<HTMLButtonElement>(null);
  const [edge, setEdge] = useState<Edge | undefined>();
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    const [row, handle] = [rowRef.current, handleRef.current];
    if (!row || !handle || !enabled) return;
    return combine(
      draggable({
        element: row,
        dragHandle: handle,
        getInitialData: () => ({ [TRACK]: trackId, from: index }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element: row,
        canDrop: ({ source }) => TRACK in source.data && source.data[TRACK] !== trackId,
        getData: ({ input }) => ({ edge: edgeAt(row, input.clientY) }),
        onDrag: ({ self }) => setEdge(self.data.edge as Edge),
        onDragLeave: () => setEdge(undefined),
        onDrop: ({ source, self }) => {
          setEdge(undefined);
          const from = source.data.from as number;
          const to = dropPosition(from, index, self.data.edge as Edge);
          actions.moveTrack(source.data[TRACK] as string, to);
        },
      }),
    );
  }, [trackId, index, enabled]);

  return { rowRef, handleRef, edge, dragging };
}
