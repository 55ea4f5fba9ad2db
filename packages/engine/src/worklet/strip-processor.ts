import { Strip } from '../processors/strip.ts';
import { Processor } from './globals.ts';
import type { StripMessage, StripOptions } from './messages.ts';
import { scope, stereoOf } from './scope.ts';

/** No gain of a strip needs more than +12 dB; the limit is far above it. */
const MAX_GAIN = 16;

/** Live, a plugin added to one track delays all others: by up to 170 ms at 48 kHz without a gap. */
const LIVE_HISTORY = 8191;

export class StripProcessor extends Processor {
  static get parameterDescriptors() {
    const gain = { defaultValue: 1, minValue: 0, maxValue: MAX_GAIN, automationRate: 'a-rate' };
    return [
      { name: 'left', ...gain },
      { name: 'right', ...gain },
    ];
  }

  readonly #strip: Strip;
  #alive = true;

  constructor(options: AudioWorkletNodeOptions) {
    super();
    const { trackId = '', delayFrames = 0 } = options.processorOptions as Partial<StripOptions>;
    this.#strip = new Strip(delayFrames, scope.exact ? 0 : LIVE_HISTORY);
    scope.meters.set(trackId, this.#strip.meter);
    this.port.onmessage = ({ data }: MessageEvent<StripMessage>) => {
      if (data.type === 'delay') this.#strip.setDelay(data.frames);
      else {
        this.#alive = false;
        if (scope.meters.get(trackId) === this.#strip.meter) scope.meters.delete(trackId);
      }
    };
  }

  process(
    inputs: Float32Array[][],
    outputs: Float32Array[][],
    parameters: Record<string, Float32Array>,
  ): boolean {
    if (scope.quantum().reset) this.#strip.reset();
    const out = stereoOf(outputs[0]);
    this.#strip.process(stereoOf(inputs[0]), out, {
      left: parameters.left as Float32Array,
      right: parameters.right as Float32Array,
    });
    if (!scope.exact) this.#strip.meter.push(out);
    return this.#alive;
  }
}
