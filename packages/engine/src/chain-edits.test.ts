import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, type Chains, longestCommon, nextEdit } from './chain-edits.ts';

const SLOTS = Array.from({ length: 9 }, (_, i) => `s${i}`);

/** Slots spread over three chains in any order; some are in none. */
const chains = fc
  .tuple(
    fc.shuffledSubarray(SLOTS, { minLength: 0 }),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 9, maxLength: 9 }),
  )
  .map(
    ([slots, places]): Chains =>
      new Map([0, 1, 2].map((t) => [`t${t}`, slots.filter((_, i) => places[i] === t)])),
  );

/** Walks from `current` to `target`; hands every state on the way to `look`. */
function walk(current: Chains, target: Chains, look: (state: Chains) => void = () => {}) {
  let state = current;
  let edits = 0;
  for (let edit = nextEdit(state, target); edit; edit = nextEdit(state, target)) {
    if (edit.kind === 'linkIn') {
      // A slot that is linked anywhere must never be linked again: that is what a cycle would take.
      expect([...state.values()].flat()).not.toContain(edit.slotId);
    }
    state = applyEdit(state, edit);
    look(state);
    if (++edits > 100) throw new Error('no end');
  }
  return { state, edits };
}

describe('nextEdit', () => {
  it('leads from any chains to any others, without a slot ever standing twice', () => {
    fc.assert(
      fc.property(chains, chains, (current, target) => {
        const { state } = walk(current, target, (between) => {
          const all = [...between.values()].flat();
          expect(new Set(all).size).toBe(all.length);
        });
        expect(state).toEqual(target);
      }),
    );
  });

  it('keeps what stays linked in its order all the time: the sound of a chain is never turned around', () => {
    fc.assert(
      fc.property(chains, chains, (current, target) => {
        for (const [trackId, want] of target) {
          const stays = longestCommon(current.get(trackId) ?? [], want);
          walk(current, target, (between) => {
            const chain = between.get(trackId) ?? [];
            expect(chain.filter((id) => stays.includes(id))).toEqual(stays);
          });
        }
      }),
    );
  });

  it('arrives although the target changes after every edit', () => {
    fc.assert(
      fc.property(chains, fc.array(chains, { minLength: 1, maxLength: 8 }), (current, targets) => {
        let state = current;
        for (const target of targets) {
          const edit = nextEdit(state, target);
          if (edit) state = applyEdit(state, edit);
        }
        const last = targets.at(-1) as Chains;
        expect(walk(state, last).state).toEqual(last);
      }),
    );
  });

  it('moves one slot with two edits, wherever it goes', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(SLOTS, { minLength: 2 }),
        fc.nat(),
        fc.nat(),
        (chain, from, to) => {
          const rest = [...chain];
          const [moved] = rest.splice(from % chain.length, 1) as [string];
          rest.splice(to % chain.length, 0, moved);
          const { edits } = walk(new Map([['t', chain]]), new Map([['t', rest]]));
          expect(edits).toBe(rest.join() === chain.join() ? 0 : 2);
        },
      ),
    );
  });

  it('leaves tracks alone that only one side has', () => {
    expect(nextEdit(new Map([['a', ['x']]]), new Map([['b', ['y']]]))).toBeNull();
  });
});
