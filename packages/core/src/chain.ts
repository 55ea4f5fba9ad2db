/** Pure edits of an effect chain: an order of plugin ids without gaps or duplicates. */
export type Chain = readonly string[];

/** `id` inserted so that it stands at `position`; positions past the end append. */
export function insertAt(chain: Chain, id: string, position: number = chain.length): string[] {
  const at = Math.min(Math.max(0, position), chain.length);
  return [...chain.slice(0, at), id, ...chain.slice(at)];
}

export const removeFrom = (chain: Chain, id: string): string[] =>
  chain.filter((other) => other !== id);

/** `id` moved so that it stands at `position` of the result; everything else keeps its relative order. */
export const moveTo = (chain: Chain, id: string, position: number): string[] =>
  chain.includes(id) ? insertAt(removeFrom(chain, id), id, position) : [...chain];
