import { ASSET_CHUNK_FRAMES, type ProjectSnapshot } from '@mixdown/contract';
import { liveClock } from '../graph/clock.ts';
import { MasterGraph } from '../graph/master-graph.ts';
import type { RenderPlan } from '../plan.ts';
import { ChunkStreamer } from './chunk-streamer.ts';
import { MeterBoard } from './meter-board.ts';
import { Rest } from './rest.ts';
import { LOOK_INTERVAL_MS, StallDetector } from './stall-detector.ts';
import { Structure } from './structure.ts';
import { Transport } from './transport.ts';
import type { LiveEngineOptions } from './types.ts';

/** Bounds of the time (s) between the messages of a start and the frame that they name. */
const LEAD_SECONDS = { least: 0.04, most: 0.3 };

/** Everything that lives as long as one AudioContext. */
export class LiveSession {
  readonly context: AudioContext;
  readonly master: MasterGraph;
  readonly structure: Structure;
  readonly transport: Transport;
  readonly rest: Rest;
  readonly meters = new MeterBoard();
  readonly #streamer: ChunkStreamer;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #stall = new StallDetector();
  readonly #onFatal: NonNullable<LiveEngineOptions['onFatal']>;
  #latencyFrames = 0;
  #longestGapSeconds = 0;
  #alive = true;

  /** Makes the context and loads the worklet; no sound and no click needed yet. */
  static async open(
    options: LiveEngineOptions,
    sampleRate: ProjectSnapshot['project']['sampleRate'],
  ): Promise<LiveSession> {
    const context = new AudioContext({
      latencyHint: 'interactive',
      ...options.contextOptions,
      sampleRate,
    });
    await context.audioWorklet.addModule(options.workletUrl);
    return new LiveSession(context, options);
  }

  private constructor(context: AudioContext, options: LiveEngineOptions) {
    this.context = context;
    this.#onFatal = options.onFatal ?? (() => {});
    const clock = liveClock(context, () => this.#alive);
    this.master = new MasterGraph(context, {
      chunkFrames: ASSET_CHUNK_FRAMES,
      exact: false,
      order: [],
    });
    this.master.onStatus = ({ ids, values, starved }) => {
      // Right behind a burst of the audio thread: the best moment to learn how far ahead it gets.
      clock.moment();
      this.meters.update(ids, values);
      this.rest.heard(highestPeak(values));
      this.transport.setStarved(starved);
    };
    this.structure = new Structure(this.master, {
      context,
      clock,
      runInTurn: oneAfterAnother(),
      onStatus: options.onSlotStatus,
    });
    this.#streamer = new ChunkStreamer({
      chunkFrames: ASSET_CHUNK_FRAMES,
      sampleRate: context.sampleRate,
      fetchChunk: options.fetchChunk,
      add: (chunk, samples) => this.master.send({ type: 'chunk', ...chunk, samples }, [samples]),
      drop: (chunk) => this.master.send({ type: 'drop', ...chunk }),
    });
    this.transport = new Transport({
      frame: () => this.#frame(),
      latencyFrames: () => this.#latencyFrames + (context.outputLatency || 0) * context.sampleRate,
      ready: (position) => this.#streamer.ready(position, performance.now()),
      leadFrames: () => this.#leadFrames(),
      startAt: (frame, position) => this.#startAt(frame, position),
      stop: () => this.master.send({ type: 'stop' }),
      onChange: options.onTransport,
    });
    this.rest = new Rest(context, {
      busy: () => this.transport.status !== 'stopped' || this.structure.working,
      longestGapSeconds: () => this.#longestGapSeconds,
      onRest: () => this.meters.clear(),
    });
    this.#timer = setInterval(() => this.#tick(), LOOK_INTERVAL_MS);
  }

  /** False once the audio thread is stuck: the context must not be touched any more. */
  get alive(): boolean {
    return this.#alive;
  }

  setPlan(plan: RenderPlan): void {
    if (!this.#alive) return;
    this.#latencyFrames = plan.totalLatencyFrames;
    this.#longestGapSeconds = plan.quietWindowFrames / plan.sampleRate;
    this.rest.stay();
    this.#streamer.setTimeline(
      plan.tracks.flatMap((track) => track.clips),
      plan.assets,
    );
    this.structure.setPlan(plan);
    this.#streamer.advance(this.transport.sourcePosition(), performance.now());
  }

  async dispose(): Promise<void> {
    clearInterval(this.#timer);
    this.#streamer.dispose();
    if (!this.#alive) return;
    this.#alive = false;
    this.structure.dispose();
    this.master.dispose();
    await this.context.close();
  }

  #frame(): number {
    return Math.round(this.context.currentTime * this.context.sampleRate);
  }

  /** Measured anew for each start: a busy machine needs a longer run-up, and nobody wants to wait on an idle one. */
  async #leadFrames(): Promise<number> {
    const begun = this.#frame();
    const patience = new Promise((resolve) => setTimeout(resolve, LEAD_SECONDS.most * 1000));
    await Promise.race([this.master.settle(), patience]);
    const { sampleRate } = this.context;
    const { least, most } = LEAD_SECONDS;
    return Math.min(most * sampleRate, least * sampleRate + 2 * (this.#frame() - begun));
  }

  #startAt(frame: number, position: number): void {
    for (const slot of this.structure.slots) slot.resetAt(frame);
    this.master.send({ type: 'play', atFrame: frame, position });
  }

  #tick(): void {
    const { currentTime, state } = this.context;
    if (this.#stall.look({ currentTime, running: state === 'running' })) {
      this.#alive = false;
      clearInterval(this.#timer);
      this.#streamer.dispose();
      this.#onFatal({ reason: 'audio_thread_stuck' });
      return;
    }
    this.#streamer.advance(this.transport.sourcePosition(), performance.now());
  }
}

/** Of a report's values, which are peak left, peak right, RMS left, RMS right for each track and the master. */
function highestPeak(values: Float32Array): number {
  let highest = 0;
  for (let at = 0; at < values.length; at += 4)
    highest = Math.max(highest, values[at] ?? 0, values[at + 1] ?? 0);
  return highest;
}

/** Runs tasks in the order in which they were handed in, one at a time. */
function oneAfterAnother(): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => {});
    return run;
  };
}
