import { ClipSource } from '../processors/clip-source.ts';
import { QUANTUM } from '../quantum.ts';
import { Processor } from './globals.ts';
import type { DestroyMessage, SourceMessage, SourceOptions } from './messages.ts';
import { scope, stereoOf } from './scope.ts';

export class SourceProcessor extends Processor {
  readonly #source = new ClipSource(scope.chunks, { exact: scope.exact, frames: QUANTUM });
  #alive = true;

  constructor(options: AudioWorkletNodeOptions) {
    super();
    this.#source.setClips((options.processorOptions as SourceOptions).clips);
    this.port.onmessage = ({ data }: MessageEvent<SourceMessage | DestroyMessage>) => {
      if (data.type === 'clips') this.#source.setClips(data.clips);
      else this.#alive = false;
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    if (this.#source.process(stereoOf(outputs[0]), scope.quantum())) scope.starved = true;
    return this.#alive;
  }
}
