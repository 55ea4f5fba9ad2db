import type { ParamValues } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createValueLayers, foldFrames } from './value-layers.ts';

const ids = ['x', 'y', 'z'] as const;
const params = fc.dictionary(fc.constantFrom(...ids), fc.nat(20), { minKeys: 1 });
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), params }),
  fc.record({ do: fc.constant('send' as const) }),
  fc.record({ do: fc.constant('remote' as const), params, fence: fc.constantFrom(1, 2) }),
  fc.record({ do: fc.constant('durable' as const), params, own: fc.boolean(), back: fc.nat(3) }),
  fc.record({ do: fc.constant('dropOverlay' as const) }),
  fc.record({ do: fc.constant('rebase' as const), params }),
);

describe('value layers', () => {
  it('show mine above all, and report exactly what changed for the eye', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const layers = createValueLayers({ x: 0, y: 0, z: 0 });
        let n = 0;
        let remoteN = 0;
        for (const s of steps) {
          const before = layers.all();
          const mine = new Map([...layers.mine()].map(([id, entry]) => [id, { ...entry }]));
          let changed: ParamValues = {};
          if (s.do === 'set')
            for (const [id, value] of Object.entries(s.params)) {
              layers.set(id, value, false);
              changed[id] = value;
            }
          else if (s.do === 'send') {
            n += 1;
            for (const id of layers.dirty()) layers.sent(id, n);
          } else if (s.do === 'remote') {
            remoteN += 1;
            changed = layers.remote(s.fence, { n: remoteN, params: s.params });
          } else if (s.do === 'durable')
            changed = layers.durable(s.params, { fence: 9, n: n - s.back, own: s.own });
          else if (s.do === 'dropOverlay') changed = layers.dropOverlay();
          else changed = layers.rebase({ ...before, ...s.params });
          expect(layers.all()).toEqual({ ...before, ...changed });
          for (const [id, entry] of mine) {
            const stored = s.do === 'durable' && s.own && entry.n !== null && entry.n <= n - s.back;
            if (s.do !== 'set' && !stored) expect(layers.visible(id)).toBe(entry.value);
          }
        }
      }),
    );
  });

  it('keep a bounded number of live frames without changing what shows', () => {
    const layers = createValueLayers({});
    for (let n = 1; n <= 1000; n += 1) layers.remote(1, { n, params: { [`p${n % 7}`]: n } });
    expect(layers.overlayFrames().length).toBeLessThanOrEqual(256);
    expect(Object.values(layers.all()).sort()).toEqual([994, 995, 996, 997, 998, 999, 1000].sort());
  });
});

describe('foldFrames', () => {
  const frames = [
    { n: 2, params: { x: 1, y: 1 } },
    { n: 5, params: { x: 2 } },
  ];
  it('merges what ends at or before n', () => {
    expect(foldFrames(frames, 2)).toEqual({ x: 1, y: 1 });
    expect(foldFrames(frames, 5)).toEqual({ x: 2, y: 1 });
  });
  it('does not guess at a number inside of a frame', () => {
    expect(foldFrames(frames, 4)).toBeNull();
    expect(foldFrames([], 0)).toBeNull();
  });
});
