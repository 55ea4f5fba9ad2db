import { ALL_PROTECTIONS, type Protections } from '@mixdown/core';
import { simulate } from './simulate.ts';

/** Found by looking where each protection is needed; most of them are in many. */
export const SEEDS = [
  2, 6, 8, 9, 14, 16, 20, 22, 25, 27, 30, 34, 44, 51, 53, 56, 58, 265, 279, 382, 418,
];
export const PROTECTIONS = Object.keys(ALL_PROTECTIONS) as (keyof Protections)[];

/** Each seed of the list that fails without these protections, with the first thing that goes wrong in it. */
export async function* whatBreaks(
  protections: Partial<Protections>,
): AsyncGenerator<{ readonly seed: number; readonly wrong: string }> {
  for (const seed of SEEDS) {
    const [wrong] = (await simulate({ seed, protections })).wrong;
    if (wrong !== undefined) yield { seed, wrong };
  }
}
