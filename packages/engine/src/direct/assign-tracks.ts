import type { PlanTrack } from '../plan.ts';

/** Work of one quantum, in arbitrary units: reverbs run many delay lines, the rest is of one size. */
const SLOT_COST = { reverb: 3, other: 1 } as const;
const TRACK_COST = 0.2;

const costOf = (track: PlanTrack): number =>
  track.slots
    .filter((slot) => slot.entry && !slot.bypassed)
    .reduce(
      (sum, slot) => sum + (slot.entry?.category === 'reverb' ? SLOT_COST.reverb : SLOT_COST.other),
      TRACK_COST,
    );

/**
 * Distributes tracks over at most `threads` threads, the most expensive first, each to the thread with the least
 * to do. Tracks that are not heard are left out. Returns indices into `tracks`, ascending, for each thread that
 * has something to do; never changes what the mix sounds like.
 */
export function assignTracks(tracks: readonly PlanTrack[], threads: number): number[][] {
  const heard = tracks
    .map((track, index) => ({ index, cost: costOf(track), audible: track.audible }))
    .filter((track) => track.audible)
    .sort((a, b) => b.cost - a.cost || a.index - b.index);
  const loads = Array.from({ length: Math.max(1, threads) }, () => ({
    cost: 0,
    tracks: [] as number[],
  }));
  for (const track of heard) {
    const least = loads.reduce((best, load) => (load.cost < best.cost ? load : best));
    least.cost += track.cost;
    least.tracks.push(track.index);
  }
  return loads.map((load) => load.tracks.sort((a, b) => a - b)).filter((load) => load.length > 0);
}
