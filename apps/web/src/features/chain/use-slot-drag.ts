import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview';
import { type RefObject, useEffect, useState } from 'react';
import { useStable } from '../../ui/values/use-stable.ts';
import styles from './chain.module.css';
import { sourceData } from './drag-data.ts';
import type { DragSource } from './drop-position.ts';

/** Makes a slot draggable by its title; under the pointer goes a chip with its name. True while it is dragged. */
export function useSlotDrag(
  element: RefObject<HTMLElement | null>,
  handle: RefObject<HTMLElement | null>,
  input: { readonly source: DragSource; readonly name: string; readonly enabled: boolean },
): boolean {
  const [dragging, setDragging] = useState(false);
  const current = useStable(() => input);
  useEffect(() => {
    const node = element.current;
    const grip = handle.current;
    if (!node || !grip) return;
    return draggable({
      element: node,
      dragHandle: grip,
      canDrag: () => current().enabled,
      getInitialData: () => sourceData(current().source),
      onGenerateDragPreview: ({ nativeSetDragImage }) =>
        setCustomNativeDragPreview({
          nativeSetDragImage,
          render({ container }) {
            const chip = document.createElement('div');
            chip.className = styles.dragChip ?? '';
            chip.textContent = current().name;
            container.append(chip);
          },
        }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [element, handle, current]);
  return dragging;
}
