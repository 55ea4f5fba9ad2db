import { insertAt, removeFrom } from '@mixdown/core/chain';

/** Plugin slots in signal order, by track. A slot stands in at most one chain. */
export type Chains = ReadonlyMap<string, readonly string[]>;

/**
 * One gapless change of a running graph. `takeOut` bridges the slot's neighbours and then frees it; `linkIn`
 * puts a free slot at `position` of a chain.
 */
export type ChainEdit =
  | { readonly kind: 'takeOut'; readonly trackId: string; readonly slotId: string }
  | {
      readonly kind: 'linkIn';
      readonly trackId: string;
      readonly slotId: string;
      readonly position: number;
    };

/**
 * The next edit on the way from `current` to `target`, or null once they are equal. Slots are taken out first
 * and only the fewest that have to (everything on a longest common subsequence stays where it is), so that
 * no edit ever needs a connection backwards. Applying edits until null always ends, even if the target changes
 * in between. Tracks that only one side has are the caller's business and are ignored.
 */
export function nextEdit(current: Chains, target: Chains): ChainEdit | null {
  const tracks = [...target.keys()].filter((id) => current.has(id));
  for (const trackId of tracks) {
    const have = current.get(trackId) ?? [];
    const stays = new Set(longestCommon(have, target.get(trackId) ?? []));
    const slotId = have.find((id) => !stays.has(id));
    if (slotId !== undefined) return { kind: 'takeOut', trackId, slotId };
  }
  const linked = new Set([...current.values()].flat());
  for (const trackId of tracks) {
    // What is left of the current chain is a subsequence of the target: its first gap is the next position.
    const have = current.get(trackId) ?? [];
    const want = (target.get(trackId) ?? []).filter((id) => have.includes(id) || !linked.has(id));
    const position = want.findIndex((id, i) => have[i] !== id);
    if (position < 0) continue;
    return { kind: 'linkIn', trackId, slotId: want[position] as string, position };
  }
  return null;
}

/** The chains after an edit. */
export function applyEdit(chains: Chains, edit: ChainEdit): Map<string, readonly string[]> {
  const next = new Map(chains);
  const chain = chains.get(edit.trackId) ?? [];
  next.set(
    edit.trackId,
    edit.kind === 'takeOut'
      ? removeFrom(chain, edit.slotId)
      : insertAt(chain, edit.slotId, edit.position),
  );
  return next;
}

/** A longest common subsequence of two orders without duplicates. */
export function longestCommon(a: readonly string[], b: readonly string[]): string[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = rows[i] as number[];
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.push(a[i] as string);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return common;
}
