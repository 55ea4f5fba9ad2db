/**
 * A plugin that no catalog describes, as a name: "mixdown.tape-echo" → "Tape Echo". Its id says who made it, and that
 * is for those who look for it.
 */
export function nameFromId(catalogId: string): string {
  const last = catalogId.split('.').findLast(Boolean) ?? catalogId;
  const words = last.split(/[-_\s]+/).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || catalogId;
}
