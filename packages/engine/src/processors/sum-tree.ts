import { createStereo, type Stereo } from '../quantum.ts';

type Tracks = readonly (Stereo | null)[];

/** Where a node stands in the tree: 0 for a left child (and the root), 1 for a right one. */
interface Place {
  readonly depth: number;
  readonly side: 0 | 1;
}

/**
 * Sums tracks pairwise in a tree whose shape depends on their number and order alone: (0+1)+(2+3)…, each node
 * rounded to float32. Floating-point sums depend on their order, so this is what makes the bytes of a mix
 * independent of threads, pages and the order in which tracks were rendered. `null` is a silent track: it keeps
 * its place in the tree.
 */
export class SumTree {
  readonly #frames: number;
  /** One buffer per depth and side: while a right half is summed, only deeper buffers and its own are written. */
  readonly #buffers: Stereo[] = [];

  /** `frames`: length of the blocks that will be summed. */
  constructor(frames: number) {
    this.#frames = frames;
  }

  /** Writes the sum into `out`; no input is changed. */
  sum(tracks: Tracks, out: Stereo): void {
    const root =
      tracks.length === 0 ? null : this.#sum(tracks, 0, tracks.length, { depth: 0, side: 0 });
    for (const c of [0, 1] as const) {
      if (root) out[c].set(root[c]);
      else out[c].fill(0);
    }
  }

  /** Sum of `count` tracks from `first` on: an input as it is, or the buffer of this place. */
  #sum(tracks: Tracks, first: number, count: number, place: Place): Stereo | null {
    if (count === 1) return tracks[first] ?? null;
    // Splitting at the largest power of two below the count is the same tree as pairing level by level.
    const half = 2 ** (Math.ceil(Math.log2(count)) - 1);
    const depth = place.depth + 1;
    const a = this.#sum(tracks, first, half, { depth, side: 0 });
    const b = this.#sum(tracks, first + half, count - half, { depth, side: 1 });
    if (!a || !b) return this.#pass(a ?? b, place);
    const out = this.#buffer(place);
    for (const c of [0, 1] as const) add(a[c], b[c], out[c]);
    return out;
  }

  /** A lone child's buffer would be overwritten by the sibling of this place: it moves up into ours. */
  #pass(only: Stereo | null, place: Place): Stereo | null {
    if (!only || !this.#buffers.includes(only)) return only;
    const out = this.#buffer(place);
    out[0].set(only[0]);
    out[1].set(only[1]);
    return out;
  }

  #buffer({ depth, side }: Place): Stereo {
    const index = 2 * depth + side;
    const buffer = this.#buffers[index] ?? createStereo(this.#frames);
    this.#buffers[index] = buffer;
    return buffer;
  }
}

function add(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]!;
}
