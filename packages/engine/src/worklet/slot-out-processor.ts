import { SlotOut } from '../processors/slot-out.ts';
import { Processor } from './globals.ts';
import type { DestroyMessage, SlotOutMessage, SlotOutOptions, SlotOutReply } from './messages.ts';
import { connectedStereo, scope, stereoOf } from './scope.ts';

/** Input 0 is wet, input 1 dry. */
export class SlotOutProcessor extends Processor {
  static get parameterDescriptors() {
    return [
      { name: 'wet', defaultValue: 0, minValue: 0, maxValue: 1, automationRate: 'a-rate' },
      { name: 'dry', defaultValue: 1, minValue: 0, maxValue: 1, automationRate: 'a-rate' },
    ];
  }

  readonly #slot: SlotOut;
  readonly #slotId: string;
  #alive = true;

  constructor(options: AudioWorkletNodeOptions) {
    super();
    const { slotId, latencyFrames } = options.processorOptions as SlotOutOptions;
    this.#slotId = slotId;
    this.#slot = new SlotOut(latencyFrames);
    this.port.onmessage = ({ data }: MessageEvent<SlotOutMessage | DestroyMessage>) => {
      if (data.type === 'fail') this.#slot.fail();
      else if (data.type === 'recover') this.#slot.recover();
      else this.#alive = false;
    };
  }

  process(
    inputs: Float32Array[][],
    outputs: Float32Array[][],
    parameters: Record<string, Float32Array>,
  ): boolean {
    if (scope.quantum().reset) this.#slot.reset();
    const wet = connectedStereo(inputs[0]);
    const gains = {
      wet: parameters.wet as Float32Array,
      dry: parameters.dry as Float32Array,
    };
    const fault = this.#slot.process(wet, stereoOf(inputs[1]), stereoOf(outputs[0]), gains);
    if (fault) {
      scope.faults.push({ slotId: this.#slotId, fault });
      this.port.postMessage({ type: 'fault', fault } satisfies SlotOutReply);
    }
    return this.#alive;
  }
}
