import { describe, expect, it, vi } from 'vitest';
import { createParamStore } from './param-store.ts';

describe('parameter store', () => {
  it('calls those who watch this parameter, and only on a change', () => {
    const store = createParamStore();
    const [cutoff, other] = [vi.fn(), vi.fn()];
    const stop = store.subscribe('p1', 'cutoff', cutoff);
    store.subscribe('p2', 'cutoff', other);
    store.set('p1', 'cutoff', 5);
    store.set('p1', 'cutoff', 5);
    expect(cutoff).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
    stop();
    store.set('p1', 'cutoff', 6);
    expect(cutoff).toHaveBeenCalledTimes(1);
    expect(store.get('p1', 'cutoff')).toBe(6);
  });

  it('says which of many values changed', () => {
    const store = createParamStore();
    expect(store.setAll('p1', { a: 1, b: 2 })).toEqual(['a', 'b']);
    expect(store.setAll('p1', { a: 1, b: 3 })).toEqual(['b']);
    store.clear();
    expect(store.get('p1', 'a')).toBeUndefined();
  });
});
