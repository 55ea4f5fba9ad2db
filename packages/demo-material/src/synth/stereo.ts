/** Two channels of the same length, in frames. */
export interface Stereo {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

export const silence = (frames: number): Stereo => ({
  left: new Float32Array(frames),
  right: new Float32Array(frames),
});

/** Adds a sound made frame by frame. Cut at the end of the track. */
export function addMono(
  target: Stereo,
  at: { readonly start: number; readonly frames: number; readonly pan?: number },
  sample: (frame: number) => number,
): void {
  const pan = at.pan ?? 0;
  // Equal power: a sound keeps its loudness wherever it stands.
  const left = Math.cos(((pan + 1) * Math.PI) / 4);
  const right = Math.sin(((pan + 1) * Math.PI) / 4);
  const end = Math.min(at.frames, target.left.length - at.start);
  for (let i = 0; i < end; i++) {
    const x = sample(i);
    target.left[at.start + i] = (target.left[at.start + i] as number) + x * left;
    target.right[at.start + i] = (target.right[at.start + i] as number) + x * right;
  }
}
