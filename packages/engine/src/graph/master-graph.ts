import {
  type DestroyMessage,
  MASTER,
  type MasterMessage,
  type MasterOptions,
  type MasterReply,
  type SlotFaultReport,
} from '../worklet/messages.ts';
import type { Inlet } from './edge.ts';

/** Tracks that the master has room for: the contract's most, and some that are still fading out. */
const INPUTS = 72;

type Status = Extract<MasterReply, { type: 'status' }>;

/** The master node: where all tracks meet, and the port through which the whole render scope is driven. */
export class MasterGraph {
  readonly node: AudioWorkletNode;
  readonly #free = Array.from({ length: INPUTS }, (_, i) => i);
  readonly #pings = new Map<number, (faults: readonly SlotFaultReport[]) => void>();
  #lastPing = 0;
  onStatus: (status: Status) => void = () => {};

  /** Has to be the first of our nodes in its context. */
  constructor(context: BaseAudioContext, options: MasterOptions) {
    this.node = new AudioWorkletNode(context, MASTER, {
      numberOfInputs: INPUTS,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      channelCount: 2,
      channelCountMode: 'explicit',
      processorOptions: options,
    });
    this.node.port.onmessage = ({ data }: MessageEvent<MasterReply>) => this.#receive(data);
    this.node.connect(context.destination);
  }

  /** A free input, or null when all are taken. */
  takeInput(): Inlet | null {
    const input = this.#free.shift();
    return input === undefined ? null : { node: this.node, input };
  }

  releaseInput(inlet: Inlet): void {
    this.#free.push(inlet.input);
  }

  send(message: MasterMessage, transfer: Transferable[] = []): void {
    this.node.port.postMessage(message, transfer);
  }

  /** Resolves when everything sent before has arrived, to the faults that slots have reported so far. */
  settle(): Promise<readonly SlotFaultReport[]> {
    const id = ++this.#lastPing;
    return new Promise((resolve) => {
      this.#pings.set(id, resolve);
      this.send({ type: 'ping', id });
    });
  }

  dispose(): void {
    this.node.port.onmessage = null;
    this.node.port.postMessage({ type: 'destroy' } satisfies DestroyMessage);
    this.node.disconnect();
  }

  #receive(reply: MasterReply): void {
    if (reply.type === 'status') this.onStatus(reply);
    else {
      this.#pings.get(reply.id)?.(reply.faults);
      this.#pings.delete(reply.id);
    }
  }
}
