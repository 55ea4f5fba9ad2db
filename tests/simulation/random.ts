/** Numbers that follow from a seed (mulberry32): the same seed gives the same run. */
export function createRandom(seed: number) {
  let state = (seed * 2_654_435_761) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += Math.floor(next() * 16).toString(16);
    return text;
  };
  return {
    /** 0 ≤ x < 1. */
    next,
    between: (min: number, max: number): number => min + next() * (max - min),
    /** min … max, both included. */
    int: (min: number, max: number): number => min + Math.floor(next() * (max - min + 1)),
    chance: (probability: number): boolean => next() < probability,
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T,
    uuid: (): string =>
      `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(next() * 4)]}${hex(3)}-${hex(12)}`,
    /** A generator of its own, so that one part's draws do not move another's. */
    fork: () => createRandom(Math.floor(next() * 4_294_967_296)),
  };
}
export type Random = ReturnType<typeof createRandom>;
