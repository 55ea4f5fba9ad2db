/** A media element without sound: tests say what it loads, plays and fails at. */
export class FakeMedia extends EventTarget {
  src = '';
  readyState = 0;
  error: { code: number } | null = null;
  paused = true;
  ended = false;
  seeking = false;
  readonly loads: string[] = [];
  #time = 0;
  get currentTime(): number {
    return this.#time;
  }
  set currentTime(seconds: number) {
    this.#time = seconds;
    this.ended = false;
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

  /** As if it had played up to here. */
  reach(seconds: number): void {
    this.currentTime = seconds;
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
