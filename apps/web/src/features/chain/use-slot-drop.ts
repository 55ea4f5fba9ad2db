import {
  dropTargetForElements,
  type ElementDropTargetEventBasePayload,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useState } from 'react';
import { actions } from '../../session/index.ts';
import { useStable } from '../../ui/values/use-stable.ts';
import { readSource, readTarget, targetData } from './drag-data.ts';
import { type DropTarget, dropPosition } from './drop-position.ts';

interface Pointer {
  readonly clientX: number;
  readonly clientY: number;
}

/**
 * Makes an element a place where a slot can be dropped; returns the edge at which it would land, for the indicator.
 * The innermost place under the pointer takes the slot.
 */
export function useSlotDrop(
  element: RefObject<HTMLElement | null>,
  place: (pointer: Pointer, box: DOMRect) => DropTarget,
): DropTarget['edge'] | null {
  const [edge, setEdge] = useState<DropTarget['edge'] | null>(null);
  const placeAt = useStable(place);
  useEffect(() => {
    const node = element.current;
    if (!node) return;
    const landing = ({ self, source, location }: ElementDropTargetEventBasePayload) => {
      const target = readTarget(self.data);
      const dragged = readSource(source.data);
      const innermost = location.current.dropTargets[0]?.element === node;
      if (!target || !dragged || !innermost) return null;
      const position = dropPosition(dragged, target);
      return position === null ? null : { dragged, target, position };
    };
    const follow = (event: ElementDropTargetEventBasePayload) =>
      setEdge(landing(event)?.target.edge ?? null);
    return dropTargetForElements({
      element: node,
      canDrop: ({ source }) => readSource(source.data) !== null,
      getData: ({ input }) => targetData(placeAt(input, node.getBoundingClientRect())),
      onDragEnter: follow,
      onDropTargetChange: follow,
      onDrag: follow,
      onDragLeave: () => setEdge(null),
      onDrop(event) {
        setEdge(null);
        const drop = landing(event);
        if (!drop) return;
        const { dragged, target, position } = drop;
        actions.movePlugin(dragged.pluginId, { position, trackId: target.trackId });
      },
    });
  }, [element, placeAt]);
  return edge;
}

/** Makes a track's row elsewhere on the page take a slot, at the end of the track's chain. True while one is over it. */
export function useTrackDrop(
  element: RefObject<HTMLElement | null>,
  trackId: string,
  chainLength: number,
): boolean {
  return useSlotDrop(element, () => ({ trackId, index: chainLength, edge: 'before' })) !== null;
}
