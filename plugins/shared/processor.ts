import { type DspInstance, MAX_BLOCK, startDsp } from './dsp-instance.ts';
import type { PluginSpec } from './plugin-spec.ts';

/** Written above this module by the build. */
declare const __PLUGIN__: PluginSpec;
declare const sampleRate: number;
declare const currentFrame: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: unknown): void;

/** While a parameter moves, its value is taken anew every so many frames (0.7 ms at 48 kHz). */
const SUB_BLOCK = 32;

/** The messages that a processor understands. */
type Message = { type: 'reset'; atFrame?: number } | { type: 'destroy' };

/** Drives the plugin's DSP: one stereo input, one stereo output, every parameter an a-rate AudioParam in real units. */
class PluginProcessor extends AudioWorkletProcessor {
  static get parameterDescriptors() {
    return __PLUGIN__.parameters.map((p) => ({
      name: p.id,
      defaultValue: p.default,
      minValue: p.min,
      maxValue: p.max,
      automationRate: 'a-rate',
    }));
  }

  #dsp: DspInstance | null;
  /** Frames from which on the next quantum starts with cleared memory. */
  #resets: number[] = [];
  readonly #ids = __PLUGIN__.parameters.map((p) => p.id);
  /** Values as the DSP has them; NaN differs from every value, so the first quantum writes them all. */
  readonly #values = new Float32Array(__PLUGIN__.parameters.length).fill(Number.NaN);

  constructor(options: { processorOptions: { wasmBytes: ArrayBuffer | WebAssembly.Module } }) {
    super();
    this.#dsp = startDsp(options.processorOptions.wasmBytes, __PLUGIN__.dspBytes, sampleRate);
    this.port.onmessage = (event: MessageEvent<Message>) => this.#receive(event.data);
  }

  #receive(message: Message) {
    if (message.type === 'reset') this.#resets.push(message.atFrame ?? 0);
    if (message.type === 'destroy') {
      this.#dsp = null;
      this.port.onmessage = null;
      this.port.close();
    }
  }

  process(
    inputs: readonly (readonly Float32Array[])[],
    outputs: readonly (readonly Float32Array[])[],
    parameters: Readonly<Record<string, Float32Array>>,
  ): boolean {
    const dsp = this.#dsp;
    if (!dsp) return false;
    const output = outputs[0];
    if (!output?.[0]) return true;
    if (this.#resets.some((frame) => frame <= currentFrame)) {
      dsp.clear();
      this.#resets = this.#resets.filter((frame) => frame > currentFrame);
    }
    this.#read(inputs[0]);
    const step = this.#moving(parameters) ? SUB_BLOCK : MAX_BLOCK;
    for (let frame = 0; frame < MAX_BLOCK; frame += step) {
      this.#setParams(parameters, frame);
      dsp.compute(frame, step);
    }
    for (let c = 0; c < output.length; c++) {
      output[c]?.set(dsp.outputs[c % 2] as Float64Array);
    }
    return true;
  }

  /** No input is silence (the tail rings on), one channel goes to both sides. */
  #read(input: readonly Float32Array[] | undefined) {
    const dsp = this.#dsp as DspInstance;
    for (let c = 0; c < 2; c++) {
      const buffer = dsp.inputs[c] as Float64Array;
      const channel = input?.[c] ?? input?.[0];
      if (channel) buffer.set(channel);
      else buffer.fill(0);
    }
  }

  #moving(parameters: Readonly<Record<string, Float32Array>>): boolean {
    for (const id of this.#ids) {
      const values = parameters[id];
      if (!values || values.length === 1) continue;
      for (let i = SUB_BLOCK; i < values.length; i += SUB_BLOCK) {
        if (values[i] !== values[0]) return true;
      }
    }
    return false;
  }

  #setParams(parameters: Readonly<Record<string, Float32Array>>, frame: number) {
    const dsp = this.#dsp as DspInstance;
    for (let i = 0; i < this.#ids.length; i++) {
      const values = parameters[this.#ids[i] as string];
      if (!values) continue;
      const value = values[values.length === 1 ? 0 : frame] as number;
      if (value === this.#values[i]) continue;
      this.#values[i] = value;
      dsp.setParam(__PLUGIN__.addresses[i] as number, value);
    }
  }
}

registerProcessor(`${__PLUGIN__.id}@${__PLUGIN__.version}`, PluginProcessor);
