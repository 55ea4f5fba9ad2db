import { PLUGIN_FAILURES } from '@mixdown/contract';
import { insertAt, moveTo } from '@mixdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOfCore } from './cost-badges.tsx';
import { dropPosition, edgeAt } from './drop-position.ts';
import { slotKey } from './slot-keys.ts';
import { isBroken, slotWords } from './slot-words.ts';

const chainOf = (length: number, prefix = 'p') =>
  Array.from({ length }, (_, at) => `${prefix}${at}`);

describe('dropPosition', () => {
  const cases = fc.integer({ min: 1, max: 16 }).chain((length) =>
    fc.record({
      length: fc.constant(length),
      from: fc.nat({ max: length - 1 }),
      over: fc.nat({ max: length - 1 }),
      edge: fc.constantFrom('before' as const, 'after' as const),
    }),
  );

  it('puts the slot right beside the one it was dropped on', () => {
    fc.assert(
      fc.property(cases, ({ length, from, over, edge }) => {
        const chain = chainOf(length);
        const source = { pluginId: `p${from}`, trackId: 't', index: from };
        const position = dropPosition(source, { trackId: 't', index: over, edge });
        const after = position === null ? chain : moveTo(chain, source.pluginId, position);
        const at = after.indexOf(source.pluginId);
        if (from === over) expect(after).toEqual(chain);
        else expect(after[edge === 'before' ? at + 1 : at - 1]).toBe(`p${over}`);
      }),
    );
  });
  it('says null exactly where nothing would change', () => {
    fc.assert(
      fc.property(cases, ({ length, from, over, edge }) => {
        const chain = chainOf(length);
        const gap = over + (edge === 'after' ? 1 : 0);
        const stays = gap === from || gap === from + 1;
        const source = { pluginId: `p${from}`, trackId: 't', index: from };
        const position = dropPosition(source, { trackId: 't', index: over, edge });
        expect(position === null).toBe(stays);
        if (position !== null) expect(moveTo(chain, source.pluginId, position)).not.toEqual(chain);
      }),
    );
  });
  it('takes the gap itself on another track', () => {
    const source = { pluginId: 'x', trackId: 'a', index: 0 };
    const position = dropPosition(source, { trackId: 'b', index: 1, edge: 'after' });
    expect(insertAt(chainOf(3), 'x', position ?? -1)).toEqual(['p0', 'p1', 'x', 'p2']);
  });
  it('falls on the nearer half, along the chain', () => {
    const box = { left: 0, right: 100, top: 0, bottom: 300 };
    expect(edgeAt(box, { clientX: 49, clientY: 299 }, 'row')).toBe('before');
    expect(edgeAt(box, { clientX: 51, clientY: 0 }, 'row')).toBe('after');
    expect(edgeAt(box, { clientX: 99, clientY: 149 }, 'column')).toBe('before');
    expect(edgeAt(box, { clientX: 0, clientY: 151 }, 'column')).toBe('after');
  });
});

describe('slot keys', () => {
  const press = (key: string, over = {}) => ({
    key,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    ...over,
  });
  it.each([
    ['ArrowUp', { altKey: true }, { kind: 'move', by: -1 }],
    ['ArrowLeft', { altKey: true }, { kind: 'move', by: -1 }],
    ['ArrowDown', { altKey: true }, { kind: 'move', by: 1 }],
    ['ArrowRight', { altKey: true }, { kind: 'move', by: 1 }],
    ['ArrowRight', {}, { kind: 'focus', by: 1 }],
    ['Delete', {}, { kind: 'remove' }],
    ['Backspace', {}, { kind: 'remove' }],
    ['0', {}, { kind: 'bypass' }],
    ['Enter', {}, { kind: 'collapse' }],
    ['Delete', { altKey: true }, null],
    ['z', { ctrlKey: true }, null],
    ['ArrowUp', { metaKey: true }, null],
    ['Tab', {}, null],
    [' ', {}, null],
  ] as const)('%s %j', (key, over, expected) =>
    expect(slotKey(press(key, over))).toEqual(expected),
  );
});

it('rounds what a plugin costs to what anybody wants to know', () =>
  expect([0.0025, 0.0095, 0.012, 0.266].map(percentOfCore)).toEqual(['<1', '<1', '1', '27']));

describe('slot words', () => {
  it('explains every failure by name', () => {
    for (const failure of PLUGIN_FAILURES) {
      const words = slotWords({ state: 'failed', failure }, 'Echo');
      expect(words).toMatchObject({ badge: 'Failed', tone: 'error' });
      expect(words.title).toContain('Echo');
      expect(words.detail).toContain('passes the sound through');
    }
  });
  it('prefers the engine’s own words', () =>
    expect(
      slotWords({ state: 'crashed', title: 'Echo stopped', detail: 'Out of memory.' }, 'Echo'),
    ).toMatchObject({ title: 'Echo stopped', detail: 'Out of memory.' }));
  it('stands in for what does not process, and for nothing else', () => {
    expect(
      (['missing', 'failed', 'crashed', 'blocked'] as const).every((state) => isBroken({ state })),
    ).toBe(true);
    expect((['loading', 'active', 'bypassed'] as const).some((state) => isBroken({ state }))).toBe(
      false,
    );
  });
  it('says what a missing plugin is', () =>
    expect(slotWords({ state: 'missing' }, 'old.echo').title).toBe(
      'old.echo is not installed here',
    ));
});
