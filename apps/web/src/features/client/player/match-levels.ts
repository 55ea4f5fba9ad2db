/**
 * By how many dB each version is turned down so that all play at the loudness of the quietest; never up, which could
 * clip. null = its loudness is unknown (silence), so it plays as it is. `lufs` are integrated, BS.1770.
 */
export function matchLevels(lufs: readonly (number | null)[]): (number | null)[] {
  const quietest = Math.min(...lufs.filter((value) => value !== null));
  return lufs.map((value) => (value === null ? null : Math.min(0, quietest - value)));
}
