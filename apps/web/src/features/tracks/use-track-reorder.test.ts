import { moveTo } from '@mixdown/core';
import { describe, expect, it } from 'vitest';
import { dropPosition } from './use-track-reorder.ts';

describe('dropping a track', () => {
  const tracks = ['a', 'b', 'c', 'd'];

  it.each([
    ['a', 'c', 'top', 'bacd'],
    ['a', 'c', 'bottom', 'bcad'],
    ['d', 'a', 'top', 'dabc'],
    ['d', 'a', 'bottom', 'adbc'],
    ['b', 'a', 'bottom', 'abcd'],
    ['b', 'c', 'top', 'abcd'],
  ] as const)('%s at %s’s %s edge', (source, target, edge, order) => {
    const to = dropPosition(tracks.indexOf(source), tracks.indexOf(target), edge);
    expect(moveTo(tracks, source, to).join('')).toBe(order);
  });
});
