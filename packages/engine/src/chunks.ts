import type { SourceClip } from './processors/clip-source.ts';

/** One run of an asset's canonical audio. */
export interface ChunkRef {
  readonly assetId: string;
  readonly index: number;
}

export const chunkKey = (chunk: ChunkRef): string => `${chunk.assetId}/${chunk.index}`;

/**
 * The chunks that clips need to play timeline frames [from, to), without duplicates, in the order in which they
 * are first heard. `assetFrames` gives each asset's length; nothing past its end is asked for.
 */
export function neededChunks(
  clips: Iterable<SourceClip>,
  range: { from: number; to: number },
  chunkFrames: number,
  assetFrames: (assetId: string) => number,
): ChunkRef[] {
  const found = new Map<string, ChunkRef & { at: number }>();
  for (const clip of clips) {
    const first = Math.max(range.from, clip.startFrame);
    const end = Math.min(range.to, clip.startFrame + clip.lengthFrames);
    if (first >= end) continue;
    const assetFirst = clip.offsetFrames + first - clip.startFrame;
    const assetEnd = Math.min(clip.offsetFrames + end - clip.startFrame, assetFrames(clip.assetId));
    for (
      let index = Math.floor(assetFirst / chunkFrames);
      index * chunkFrames < assetEnd;
      index++
    ) {
      const chunk = { assetId: clip.assetId, index };
      const at = Math.max(first, clip.startFrame + index * chunkFrames - clip.offsetFrames);
      const known = found.get(chunkKey(chunk));
      if (!known || at < known.at) found.set(chunkKey(chunk), { ...chunk, at });
    }
  }
  return [...found.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ assetId, index }) => ({ assetId, index }));
}
