/** A media element without sound: tests say what it loads, plays and fails at. */
export class FakeMedia extends EventTarget {
  src = '';
  readyState = 0;
  error: { code: number } | null = null;
  paused = true;
  ended = false;
  seeking = false;
  duration = 10;
  /** Up to where there is data, in seconds. */
  loaded = 10;
  readonly buffered = {
    length: 1,
    start: () => 0,
    end: () => this.loaded,
  };
  readonly loads: string[] = [];
  /** Seeks take until `arrive`. */
  slow = false;
  /** Where it was told to go, in seconds, since there was data. */
  readonly seeks: number[] = [];
  #time = 0;
  get currentTime(): number {
    return this.#time;
  }
  set currentTime(seconds: number) {
    this.#time = seconds;
    this.ended = false;
    if (this.readyState === 0) return;
    this.seeks.push(seconds);
    this.seeking = this.slow;
  }

  /** A reason for which `play` is refused. */
  refusal: Error | null = null;

  getAttribute(name: string): string | null {
    return name === 'src' && this.src ? this.src : null;
  }
  removeAttribute(): void {
    this.src = '';
  }
  load(): void {
    this.readyState = 0;
  }
  async play(): Promise<void> {
    if (this.refusal) throw this.refusal;
    if (this.loads.at(-1) !== this.src) this.loads.push(this.src);
    this.error = null;
    this.paused = false;
    this.ended = false;
    this.readyState = 4;
    this.#tell('playing');
  }
  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.#tell('pause');
  }

  /** The seek is over. */
  arrive(): void {
    this.seeking = false;
    this.#tell('timeupdate');
    this.#tell('seeked');
  }

  /** As if it had played up to here. */
  reach(seconds: number): void {
    this.#time = seconds;
    this.ended = false;
    this.#tell('timeupdate');
  }
  finish(seconds: number): void {
    this.reach(seconds);
    this.ended = true;
    this.paused = true;
    this.#tell('ended');
  }
  fail(code: number): void {
    this.error = { code };
    this.paused = true;
    this.#tell('error');
  }
  #tell(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}
