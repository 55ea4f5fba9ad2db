const SHORTEST_MS = 300;
const LONGEST_MS = 5000;

/**
 * How long to wait before the attempt after `failures` in a row, in ms: anywhere between 0.3 s and a bound that doubles
 * up to 5 s, so that everybody who lost the same server does not come back at the same moment.
 */
export function backoffMs(failures: number, random: number): number {
  const bound = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures + 1, 10));
  return SHORTEST_MS + random * (bound - SHORTEST_MS);
}
