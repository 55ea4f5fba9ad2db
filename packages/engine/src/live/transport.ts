import { wholeQuanta } from '../quantum.ts';
import type { TransportState } from './types.ts';

/** Playback starts without the audio that has not come by then; what is missing shows as buffering. */
const START_TIMEOUT_MS = 5000;

export interface TransportHost {
  /** Frame of the context at the moment. */
  frame(): number;
  /** Frames between the sources and the ear: latency of the mix and of the output. */
  latencyFrames(): number;
  /** Resolves once the audio at a position is there. */
  ready(position: number): Promise<void>;
  /** Frames that messages need to reach the audio thread for certain: a start lies so far ahead. */
  leadFrames(): Promise<number>;
  /** Clears every memory and starts the sources at one and the same context frame. */
  startAt(frame: number, position: number): void;
  stop(): void;
  onChange(state: TransportState): void;
}

interface Run {
  readonly startFrame: number;
  readonly position: number;
}

/**
 * Play, pause, stop and seek. Every start resets all plugins at the very frame at which the sources begin, so that
 * playback from any position is what an export of the range from there gives.
 */
export class Transport {
  readonly #host: TransportHost;
  #position = 0;
  #run: Run | null = null;
  #status: TransportState['status'] = 'stopped';
  /** Grows with every command, so that a start that was overtaken knows. */
  #command = 0;

  constructor(host: TransportHost) {
    this.#host = host;
  }

  get status(): TransportState['status'] {
    return this.#status;
  }

  /** Where the song is, as it is heard at the moment (timeline frames). */
  position(): number {
    if (!this.#run) return this.#position;
    const { startFrame, position } = this.#run;
    const heard = this.#host.frame() - this.#host.latencyFrames() - startFrame;
    return position + Math.max(0, Math.round(heard));
  }

  /** The frame that the sources are at: ahead of what is heard. */
  sourcePosition(): number {
    if (!this.#run) return this.#position;
    return this.#run.position + Math.max(0, this.#host.frame() - this.#run.startFrame);
  }

  play(): void {
    if (this.#status !== 'stopped') return;
    void this.#start(this.#position);
  }

  /** Stops where it is. */
  pause(): void {
    this.#halt(this.position());
  }

  /** Stops and goes back to the start. */
  stop(): void {
    this.#halt(0);
  }

  seek(frame: number): void {
    const position = Math.max(0, Math.round(frame));
    if (this.#status === 'stopped') {
      this.#position = position;
      this.#change('stopped');
    } else void this.#start(position);
  }

  /** Whether audio was missing lately. */
  setStarved(starved: boolean): void {
    if (starved && this.#status === 'playing') this.#change('buffering');
    else if (!starved && this.#status === 'buffering') this.#change('playing');
  }

  async #start(position: number): Promise<void> {
    const command = ++this.#command;
    this.#run = null;
    this.#position = position;
    this.#host.stop();
    this.#change('starting');
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_TIMEOUT_MS);
    });
    await Promise.race([this.#host.ready(position), patience]);
    clearTimeout(timer);
    const lead = await this.#host.leadFrames();
    if (command !== this.#command) return;
    const startFrame = wholeQuanta(this.#host.frame() + lead);
    this.#host.startAt(startFrame, position);
    this.#run = { startFrame, position };
    this.#change('playing');
  }

  #halt(position: number): void {
    if (this.#status !== 'stopped') this.#host.stop();
    this.#command++;
    this.#run = null;
    this.#position = position;
    this.#change('stopped');
  }

  #change(status: TransportState['status']): void {
    this.#status = status;
    this.#host.onChange({ status, positionFrames: this.position() });
  }
}
