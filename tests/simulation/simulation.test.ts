import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';

const SEEDS = 300;
const AT_ONCE = 50;
/** `MIXDOWN_SEED=n npx vitest run tests/simulation` runs others. */
const FIRST = Number(process.env.MIXDOWN_SEED ?? 1);

describe('a room under faults', () => {
  for (let from = FIRST; from < FIRST + SEEDS; from += AT_ONCE) {
    it(`comes to rest in one state: seeds ${from} to ${from + AT_ONCE - 1}`, async () => {
      for (let seed = from; seed < from + AT_ONCE; seed += 1) {
        const { wrong } = await simulate({ seed });
        expect(wrong, `npm run simulate -- --seed ${seed}`).toEqual([]);
      }
    });
  }

  it('is the same for the same seed', async () => {
    const seen: string[][] = [];
    for (const _ of [1, 2]) {
      const lines: string[] = [];
      await simulate({ seed: 7, trace: (line) => lines.push(line) });
      seen.push(lines);
    }
    expect(seen[0]?.length).toBeGreaterThan(500);
    expect(seen[1]).toEqual(seen[0]);
  });
});
