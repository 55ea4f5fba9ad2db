/** A worklet that keeps everything that it hears, frame by frame, until it is asked for it. */
import { Processor, worklet } from '../src/worklet/globals.ts';

const QUANTUM = 128;

class Recorder extends Processor {
  #first = -1;
  #blocks: Float32Array[][] = [];

  constructor() {
    super();
    this.port.onmessage = () => {
      const channels = [0, 1].map((c) => {
        const all = new Float32Array(this.#blocks.length * QUANTUM);
        this.#blocks.forEach((block, i) => {
          all.set(block[c] as Float32Array, i * QUANTUM);
        });
        return all;
      });
      this.port.postMessage({ firstFrame: this.#first, channels });
    };
  }

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0] ?? [];
    if (this.#first < 0) this.#first = worklet.currentFrame;
    this.#blocks.push([0, 1].map((c) => (input[c] ?? new Float32Array(QUANTUM)).slice()));
    return true;
  }
}

worklet.registerProcessor('test-recorder', Recorder);
