import { createStereo, type Stereo } from '../quantum.ts';

/** Frames over which a changed delay crossfades from the old tap to the new one: 15 ms at 48 kHz. */
const CHANGE_FRAMES = 768;

/** A stereo delay of whole frames. A change while running crossfades between the two taps. */
export class IntegerDelay {
  #frames: number;
  #target: number;
  #faded = CHANGE_FRAMES;
  #ring: Stereo = createStereo(1);
  #mask = 0;
  #write = 0;

  /** `history`: frames of the past to keep in any case, so that a longer delay finds sound there. */
  constructor(frames: number, history = 0) {
    this.#frames = frames;
    this.#target = frames;
    this.#grow(Math.max(frames, history));
  }

  get frames(): number {
    return this.#target;
  }

  setFrames(frames: number): void {
    if (frames === this.#target) return;
    this.#grow(Math.max(frames, this.#frames, this.#target));
    // A change in the middle of a change starts from what is nearer by now.
    if (this.#faded < CHANGE_FRAMES && this.#faded > CHANGE_FRAMES / 2) this.#frames = this.#target;
    this.#target = frames;
    this.#faded = 0;
  }

  /** Forgets what it holds, and a crossfade on its way. */
  reset(): void {
    this.#ring[0].fill(0);
    this.#ring[1].fill(0);
    this.#frames = this.#target;
    this.#faded = CHANGE_FRAMES;
  }

  /** Writes `input` delayed into `output`; the two may be the same arrays. */
  process(input: Stereo, output: Stereo): void {
    const frames = input[0].length;
    if (this.#faded < CHANGE_FRAMES) this.#crossfade(input, output);
    else if (this.#target > 0) this.#delay(input, output);
    else {
      this.#remember(input);
      if (input[0] !== output[0]) {
        output[0].set(input[0]);
        output[1].set(input[1]);
      }
    }
    this.#write = (this.#write + frames) & this.#mask;
  }

  #delay(input: Stereo, output: Stereo): void {
    const mask = this.#mask;
    for (const c of [0, 1] as const) {
      const ring = this.#ring[c];
      const from = input[c];
      const to = output[c];
      let write = this.#write;
      let read = (write - this.#target) & mask;
      for (let i = 0; i < from.length; i++) {
        ring[write] = from[i]!;
        to[i] = ring[read]!;
        write = (write + 1) & mask;
        read = (read + 1) & mask;
      }
    }
  }

  #crossfade(input: Stereo, output: Stereo): void {
    const mask = this.#mask;
    for (const c of [0, 1] as const) {
      const ring = this.#ring[c];
      for (let i = 0; i < input[c].length; i++) {
        const at = (this.#write + i) & mask;
        ring[at] = input[c][i]!;
        const share = Math.min(1, (this.#faded + i) / CHANGE_FRAMES);
        const next = ring[(at - this.#target) & mask]!;
        const last = ring[(at - this.#frames) & mask]!;
        output[c][i] = next * share + last * (1 - share);
      }
    }
    this.#faded += input[0].length;
    if (this.#faded >= CHANGE_FRAMES) this.#frames = this.#target;
  }

  /** Keeps the ring filled while the delay is zero, so that a later change finds the past in it. */
  #remember(input: Stereo): void {
    if (this.#mask === 0) return;
    for (const c of [0, 1] as const) {
      const ring = this.#ring[c];
      let write = this.#write;
      for (let i = 0; i < input[c].length; i++) {
        ring[write] = input[c][i]!;
        write = (write + 1) & this.#mask;
      }
    }
  }

  #grow(frames: number): void {
    let size = 1;
    while (size <= frames) size *= 2;
    const old = this.#ring[0].length;
    if (size <= old) return;
    const ring = createStereo(size);
    for (const c of [0, 1] as const) {
      // The newest sample goes to the end, so that distances into the past stay what they were.
      for (let back = 1; back <= old; back++) {
        ring[c][size - back] = this.#ring[c][(this.#write - back) & this.#mask]!;
      }
    }
    this.#ring = ring;
    this.#mask = size - 1;
    this.#write = 0;
  }
}
