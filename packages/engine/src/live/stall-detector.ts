/** Looks in a row without progress until the audio thread is given up: about a second. */
const LOOKS = 5;
export const LOOK_INTERVAL_MS = 250;

/**
 * Notices that a context's time stands still although it says that it runs. Counts looks instead of measuring
 * time, so that a laptop's sleep or a throttled tab cannot be mistaken for it.
 */
export class StallDetector {
  #time = -1;
  #still = 0;

  /** One look; returns whether the thread is stuck. */
  look(now: { readonly currentTime: number; readonly running: boolean }): boolean {
    // A context that was only just resumed may need a while for its first block.
    const moving = !now.running || now.currentTime !== this.#time || now.currentTime === 0;
    this.#still = moving ? 0 : this.#still + 1;
    this.#time = now.currentTime;
    return this.#still >= LOOKS;
  }
}
