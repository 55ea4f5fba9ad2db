import type { Operation } from '@mixdown/contract';
import { applyOperation as applyToSnapshot } from '@mixdown/core/apply-operation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, type ProjectState, toSnapshot } from '../project-state.ts';
import { demoSnapshot } from '../testing/demo-snapshot.ts';
import { anyStep } from '../testing/operations.ts';
import { applyOperation } from './apply-operation.ts';

const initial = normalise(demoSnapshot());

/** Positions follow the orders: rows of both ways are compared with the same ones. */
const settled = (state: ProjectState) => normalise(toSnapshot(state));

describe('applying operations to the page’s state', () => {
  it('gives what the core gives on the snapshot, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
        let state = initial;
        for (const step of steps) {
          const op = step(state, state.project.seq + 1);
          const expected = normalise(applyToSnapshot(toSnapshot(state), op));
          state = applyOperation(state, op);
          expect(settled(state)).toEqual(expected);
        }
      }),
    );
  });

  it('changes nothing when an operation comes again', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 10 }), (steps) => {
        let state = initial;
        for (const step of steps) {
          const op = step(state, state.project.seq + 1);
          state = applyOperation(state, op);
          expect(applyOperation(state, op)).toBe(state);
        }
      }),
    );
  });

  it('leaves every other row the same object', () => {
    const [first, second] = Object.keys(initial.plugins) as [string, string];
    const op: Operation = {
      seq: initial.project.seq + 1,
      opId: 'op',
      actor: null,
      kind: 'plugin.params',
      payload: { pluginId: first, patch: { params: { cutoff: 50 } } },
    };
    const next = applyOperation(initial, op);
    expect(next.plugins[first]?.params.cutoff).toBe(50);
    expect(next.plugins[second]).toBe(initial.plugins[second]);
    expect(next.tracks).toBe(initial.tracks);
    expect(next.chains).toBe(initial.chains);
    expect(next.clips).toBe(initial.clips);
  });
});
