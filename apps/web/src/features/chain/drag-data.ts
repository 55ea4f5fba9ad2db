import type { DragSource, DropTarget } from './drop-position.ts';

type DragData = Record<string | symbol, unknown>;

// Symbols, so that nothing else that is dragged over the page can be mistaken for a slot.
const SOURCE = Symbol('dragged slot');
const TARGET = Symbol('place in a chain');

export const sourceData = (source: DragSource): DragData => ({ [SOURCE]: source });
export const readSource = (data: DragData): DragSource | null =>
  (data[SOURCE] as DragSource | undefined) ?? null;

export const targetData = (target: DropTarget): DragData => ({ [TARGET]: target });
export const readTarget = (data: DragData): DropTarget | null =>
  (data[TARGET] as DropTarget | undefined) ?? null;
