import { ALL_PROTECTIONS, type Protections } from '@mixdown/core';
import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';

/** Found by looking where each protection is needed; most of them are in many. */
const SEEDS = [2, 6, 8, 9, 14, 16, 20, 22, 25, 27, 30, 34, 44, 51, 53, 56, 58, 265, 279, 382, 418];

/** The first thing that goes wrong without this protection, and where. */
async function whatBreaks(protections: Partial<Protections>): Promise<string | null> {
  for (const seed of SEEDS) {
    const { wrong } = await simulate({ seed, protections });
    if (wrong[0]) return `seed ${seed}: ${wrong[0]}`;
  }
  return null;
}

describe('each protection of the room', () => {
  it('together with the others, leaves nothing to go wrong in these seeds', async () => {
    expect(await whatBreaks({})).toBeNull();
  });

  it.each(Object.keys(ALL_PROTECTIONS) as (keyof Protections)[])('is needed: %s', async (name) => {
    expect(await whatBreaks({ [name]: false })).not.toBeNull();
  });
});
