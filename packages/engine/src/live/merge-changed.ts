/**
 * What is in force after a new snapshot: a field that differs between two snapshots takes the new value, all
 * others keep what was set here meanwhile. A snapshot that knows nothing of a knob being turned does not turn it
 * back.
 */
export function mergeChanged<T extends object>(
  before: T | undefined,
  after: T,
  here: T | undefined,
): T {
  if (!before || !here) return after;
  const merged = { ...here };
  for (const key of Object.keys(after) as (keyof T)[]) {
    if (after[key] !== before[key]) merged[key] = after[key];
  }
  return merged;
}
