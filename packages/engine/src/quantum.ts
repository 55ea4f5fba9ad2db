/** Frames per render quantum: the Web Audio API's block, and the block of every processor here. */
export const QUANTUM = 128;

/** Length of the fades that keep a live start, stop or seek from clicking: two quanta, 5.3 ms at 48 kHz. */
export const DECLICK_FRAMES = 2 * QUANTUM;

/** Planar stereo: left and right of one block. */
export type Stereo = readonly [Float32Array, Float32Array];

export const createStereo = (frames: number): Stereo => [
  new Float32Array(frames),
  new Float32Array(frames),
];

/** `frames` rounded up to whole quanta. */
export const wholeQuanta = (frames: number): number => Math.ceil(frames / QUANTUM) * QUANTUM;
