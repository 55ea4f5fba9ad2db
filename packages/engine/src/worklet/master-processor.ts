import { applyLine } from '../processors/clip-source.ts';
import { Meter } from '../processors/meter.ts';
import { SumTree } from '../processors/sum-tree.ts';
import { QUANTUM, type Stereo } from '../quantum.ts';
import { Processor, worklet } from './globals.ts';
import type { DestroyMessage, MasterMessage, MasterOptions, MasterReply } from './messages.ts';
import { connectedStereo, scope, stereoOf } from './scope.ts';

const STATUS_PER_SECOND = 30;

/** One input per track; sums them in track order, and is the port through which the whole scope is driven. */
export class MasterProcessor extends Processor {
  readonly #sum = new SumTree(QUANTUM);
  readonly #meter = new Meter();
  #order: readonly number[] = [];
  #tracks: (Stereo | null)[] = [];
  #statusAt = 0;
  #alive = true;

  constructor(options: AudioWorkletNodeOptions) {
    super();
    const master = options.processorOptions as MasterOptions;
    scope.configure(master);
    this.#setOrder(master.order);
    scope.meters.set('master', this.#meter);
    this.port.onmessage = ({ data }: MessageEvent<MasterMessage | DestroyMessage>) =>
      this.#receive(data);
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = stereoOf(outputs[0]);
    for (let i = 0; i < this.#order.length; i++) {
      this.#tracks[i] = connectedStereo(inputs[this.#order[i] as number]);
    }
    this.#sum.sum(this.#tracks, out);
    if (scope.exact) return this.#alive;
    const { masterFrom, masterTo } = scope.quantum();
    applyLine(out, masterFrom, masterTo);
    this.#meter.push(out);
    if (worklet.currentFrame >= this.#statusAt) this.#postStatus();
    return this.#alive;
  }

  #postStatus(): void {
    this.#statusAt = worklet.currentFrame + worklet.sampleRate / STATUS_PER_SECOND;
    const { ids, values } = scope.readMeters();
    this.#reply({ type: 'status', ids, values, starved: scope.starved });
    scope.starved = false;
  }

  #receive(message: MasterMessage | DestroyMessage): void {
    switch (message.type) {
      case 'play':
        scope.transport.play(message.atFrame, message.position);
        break;
      case 'stop':
        scope.transport.stop();
        break;
      case 'chunk':
        scope.chunks.add(message.assetId, message.index, new Float32Array(message.samples));
        break;
      case 'drop':
        scope.chunks.drop(message.assetId, message.index);
        break;
      case 'order':
        this.#setOrder(message.inputs);
        break;
      case 'ping':
        this.#reply({ type: 'pong', id: message.id, faults: scope.faults });
        break;
      case 'destroy':
        this.#alive = false;
    }
  }

  #setOrder(inputs: readonly number[]): void {
    this.#order = inputs;
    this.#tracks = inputs.map(() => null);
  }

  #reply(reply: MasterReply): void {
    this.port.postMessage(reply);
  }
}
