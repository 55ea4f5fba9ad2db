/** Where a slot may be dropped: before or after another one, or at the end of a chain. */
export interface DropTarget {
  readonly trackId: string;
  /** Position of the slot under the pointer; the chain's length = behind the last one. */
  readonly index: number;
  readonly edge: 'before' | 'after';
}

export interface DragSource {
  readonly pluginId: string;
  readonly trackId: string;
  readonly index: number;
}

/** The position that the dragged slot has afterwards, or null where it would stay where it is. */
export function dropPosition(source: DragSource, target: DropTarget): number | null {
  const gap = target.index + (target.edge === 'after' ? 1 : 0);
  if (source.trackId !== target.trackId) return gap;
  // Taking the slot out shifts every gap behind it by one.
  const position = gap > source.index ? gap - 1 : gap;
  return position === source.index ? null : position;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The half of a slot that the pointer is over, along the direction in which the chain runs. */
export function edgeAt(
  box: Box,
  pointer: { readonly clientX: number; readonly clientY: number },
  direction: 'row' | 'column',
): DropTarget['edge'] {
  return direction === 'row'
    ? pointer.clientX < (box.left + box.right) / 2
      ? 'before'
      : 'after'
    : pointer.clientY < (box.top + box.bottom) / 2
      ? 'before'
      : 'after';
}
