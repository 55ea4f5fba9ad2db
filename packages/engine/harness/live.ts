/** The live engine under a test's hand: what it says is kept, what it plays is recorded. */
import type { Catalog, ProjectSnapshot } from '@mixdown/contract';
import { type FatalState, LiveEngine, type SlotStatus, type TransportState } from '../src/index.ts';
import workletUrl from '../src/worklet-entry.ts?worker&url';
import recorderUrl from './recorder.ts?worker&url';

export interface LiveSetup {
  readonly snapshot: ProjectSnapshot;
  readonly catalog: Catalog;
  fetchChunk(assetId: string, startFrame: number, frames: number): Promise<ArrayBuffer>;
}

export class LiveHarness {
  readonly engine: LiveEngine;
  readonly statuses: { pluginId: string; status: SlotStatus }[] = [];
  readonly transport: TransportState[] = [];
  readonly fatal: FatalState[] = [];
  /** Context frames and positions at which the sources were started. */
  readonly starts: { atFrame: number; position: number }[] = [];
  #recorder: AudioWorkletNode | null = null;
  #snapshot: ProjectSnapshot;

  constructor(setup: LiveSetup) {
    this.#snapshot = setup.snapshot;
    this.engine = new LiveEngine({
      catalog: setup.catalog,
      workletUrl,
      fetchChunk: setup.fetchChunk,
      onSlotStatus: (pluginId, status) => void this.statuses.push({ pluginId, status }),
      onTransport: (state) => void this.transport.push(state),
      onFatal: (state) => void this.fatal.push(state),
      // Plays into nothing, at the pace of real time: test machines have no sound card.
      contextOptions: { sinkId: { type: 'none' } } as AudioContextOptions,
    });
    this.engine.reconcile(setup.snapshot);
  }

  /** Starts the audio and the recording. */
  async start(): Promise<void> {
    await this.engine.start();
    await this.engine.settled();
    const output = this.engine.output as AudioWorkletNode;
    await output.context.audioWorklet.addModule(recorderUrl);
    this.#recorder = new AudioWorkletNode(output.context, 'test-recorder', {
      numberOfOutputs: 1,
      channelCount: 2,
      channelCountMode: 'explicit',
    });
    output.connect(this.#recorder).connect(output.context.destination);
    const post = output.port.postMessage.bind(output.port);
    output.port.postMessage = (message: { type: string; atFrame: number; position: number }) => {
      if (message.type === 'play') this.starts.push(message);
      post(message);
    };
  }

  reconcile(change: (snapshot: ProjectSnapshot) => ProjectSnapshot): void {
    this.#snapshot = change(this.#snapshot);
    this.engine.reconcile(this.#snapshot);
  }

  /** The same plugins in another order, by ids, on one track. */
  reorder(trackId: string, ids: readonly string[]): void {
    this.reconcile((snapshot) => ({
      ...snapshot,
      plugins: snapshot.plugins.map((plugin) =>
        plugin.trackId === trackId ? { ...plugin, position: ids.indexOf(plugin.id) } : plugin,
      ),
    }));
  }

  stateOf(pluginId: string): SlotStatus | undefined {
    return this.statuses.findLast((s) => s.pluginId === pluginId)?.status;
  }

  /** Resolves when every plugin of the project works; rejects with what the others say. */
  async loaded(): Promise<void> {
    const states = () => this.#snapshot.plugins.map((plugin) => this.stateOf(plugin.id));
    await this.until(() => states().every((s) => s !== undefined && s.state !== 'loading'));
    const broken = states().filter((s) => s?.state !== 'active' && s?.state !== 'bypassed');
    if (broken.length > 0) throw new Error(JSON.stringify(broken));
  }

  /** Resolves when a condition holds; asked again with every frame of time that passes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Waits for audio time, not for the wall clock. */
  async play(seconds: number): Promise<void> {
    const context = (this.engine.output as AudioNode).context;
    const end = context.currentTime + seconds;
    await this.until(() => context.currentTime >= end);
  }

  /** Everything since start(), and the context frame of its first sample. */
  recording(): Promise<{ firstFrame: number; channels: Float32Array[] }> {
    const recorder = this.#recorder as AudioWorkletNode;
    return new Promise((resolve) => {
      recorder.port.onmessage = ({ data }) => resolve(data);
      recorder.port.postMessage('take');
    });
  }
}
