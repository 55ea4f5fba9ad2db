import type { ProjectSnapshot, Track } from '@mixdown/contract';
import { stripGainsOf } from '@mixdown/core/strip-gains';
import { installProcessorErrorHook } from '@mixdown/wam-host';
import { buildPlan, songLength } from '../plan.ts';
import type { MeterReading } from '../processors/meter.ts';
import { LiveSession } from './live-session.ts';
import { mergeChanged } from './merge-changed.ts';
import type { LiveEngineOptions, TrackPatch } from './types.ts';

type Snapshot = Pick<ProjectSnapshot, 'project' | 'tracks' | 'clips' | 'assets' | 'plugins'>;

const NO_SIGNAL: MeterReading = { peak: [0, 0], rms: [0, 0] };

/**
 * Plays a project and follows every edit of it without a gap. One engine serves one project.
 *
 * Nothing here throws on account of a plugin: whatever goes wrong with one is told by `onSlotStatus`, and its slot
 * passes dry. After `onFatal` the engine is dead and every call is ignored.
 */
export class LiveEngine {
  readonly #options: LiveEngineOptions;
  #session: LiveSession | null = null;
  #opening: Promise<LiveSession> | null = null;
  readonly #opened = Promise.withResolvers<LiveSession>();
  #snapshot: Snapshot | null = null;
  /** Tracks with what was set here since the last snapshot. */
  #tracks: Track[] = [];
  #disposed = false;

  constructor(options: LiveEngineOptions) {
    installProcessorErrorHook();
    this.#options = options;
    this.#opened.promise.catch(() => {});
  }

  /** Starts the audio; call it from a click or a key. Waits for the first snapshot if there is none yet. */
  async start(): Promise<void> {
    const session = this.#session ?? (await this.#opened.promise);
    if (session.alive) await session.rest.wake();
  }

  /** Follows a snapshot. What it changes against the one before wins; what was set here meanwhile stays. */
  reconcile(snapshot: Snapshot): void {
    if (this.#disposed) return;
    const before = new Map(this.#snapshot?.tracks.map((track) => [track.id, track]));
    const here = new Map(this.#tracks.map((track) => [track.id, track]));
    this.#tracks = snapshot.tracks.map((track) =>
      mergeChanged(before.get(track.id), track, here.get(track.id)),
    );
    this.#snapshot = snapshot;
    if (this.#session) this.#apply(this.#session);
    else this.#opening ??= this.#open(snapshot);
  }

  /** Ready to sound: the graph is what the last snapshot says, edits in flight are done. */
  async settled(): Promise<void> {
    await (await this.#opened.promise).structure.settled();
  }

  play(): void {
    const session = this.#live;
    if (!session?.rest.asleep) session?.transport.play();
    // The start is timed by the audio's own clock, which has to run by then.
    else void session.rest.wake().then(() => this.#live?.transport.play());
  }

  pause(): void {
    this.#live?.transport.pause();
  }

  /** Stops and goes back to the start. */
  stop(): void {
    this.#live?.transport.stop();
  }

  seek(frame: number): void {
    this.#live?.transport.seek(frame);
  }

  /** What is heard at the moment, in timeline frames: latencies of the mix and of the output are accounted for. */
  positionFrames(): number {
    return this.#session?.transport.position() ?? 0;
  }

  /** The end of the last clip. */
  lengthFrames(): number {
    return songLength(this.#snapshot?.clips ?? []);
  }

  setParam(pluginId: string, paramId: string, value: number): void {
    this.#live?.rest.stay();
    this.#live?.structure.slot(pluginId)?.setParam(paramId, value);
  }

  setBypassed(pluginId: string, bypassed: boolean): void {
    this.#live?.structure.slot(pluginId)?.setBypassed(bypassed);
  }

  setMix(pluginId: string, mix: number): void {
    this.#live?.structure.slot(pluginId)?.setMix(mix);
  }

  retry(pluginId: string): void {
    this.#live?.structure.slot(pluginId)?.retry();
  }

  setTrack(trackId: string, patch: TrackPatch): void {
    this.#tracks = this.#tracks.map((t) => (t.id === trackId ? { ...t, ...patch } : t));
    const gains = stripGainsOf(this.#tracks);
    this.#tracks.forEach((track, i) => {
      this.#live?.structure.setGains(track.id, gains[i] as { left: number; right: number });
    });
  }

  /** Linear values since the last call (peak) and of the last 33 ms (RMS). */
  meter(id: string | 'master'): MeterReading {
    return this.#session?.meters.read(id) ?? NO_SIGNAL;
  }

  /** Frames by which a plugin delays its slot. */
  slotLatency(pluginId: string): number {
    return this.#session?.structure.slot(pluginId)?.latencyFrames ?? 0;
  }

  /** The node that carries the mix, for analysers and recorders; null before the first snapshot was opened. */
  get output(): AudioNode | null {
    return this.#session?.master.node ?? null;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#opened.reject(new Error('The engine was disposed'));
    const session = this.#session ?? (await this.#opening?.catch(() => null));
    await session?.dispose();
  }

  /** The session as long as it may be touched. */
  get #live(): LiveSession | null {
    return this.#session?.alive ? this.#session : null;
  }

  async #open(snapshot: Snapshot): Promise<LiveSession> {
    try {
      const session = await LiveSession.open(this.#options, snapshot.project.sampleRate);
      if (this.#disposed) return session;
      this.#session = session;
      this.#apply(session);
      this.#opened.resolve(session);
      return session;
    } catch (error) {
      this.#opened.reject(error);
      throw error;
    }
  }

  #apply(session: LiveSession): void {
    if (!this.#snapshot) return;
    const plan = buildPlan({ ...this.#snapshot, tracks: this.#tracks }, this.#options.catalog, {
      range: { kind: 'all' },
      tail: 'none',
      sampleRate: this.#snapshot.project.sampleRate,
    });
    session.setPlan(plan);
  }
}
