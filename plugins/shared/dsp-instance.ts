import { MATH_IMPORTS } from './portable-math.ts';

const CHANNELS = 2;
export const MAX_BLOCK = 128;
const PAGE = 65_536;
/** The compiled DSP's data starts at address 0 of a memory of its own. */
const DSP = 0;

interface FaustExports {
  readonly memory: WebAssembly.Memory;
  compute(dsp: number, frames: number, inputs: number, outputs: number): void;
  init(dsp: number, sampleRate: number): void;
  instanceClear(dsp: number): void;
  setParamValue(dsp: number, address: number, value: number): void;
}

/**
 * One running DSP, stereo in and out. Buffers are Float64 with room for one quantum per channel.
 * Memory: the DSP's data, two tables of channel addresses, then the four buffers.
 */
export interface DspInstance {
  readonly inputs: readonly Float64Array[];
  readonly outputs: readonly Float64Array[];
  setParam(address: number, value: number): void;
  /** Processes `frames` from `offset` on in the buffers. */
  compute(offset: number, frames: number): void;
  /** Back to the state at creation: delay lines, filters and oscillators; parameters stay. */
  clear(): void;
}

/** Compiles and starts a DSP synchronously (a worklet's constructor cannot wait; 4 to 20 KB take about a millisecond). */
export function startDsp(
  wasm: ArrayBuffer | Uint8Array<ArrayBuffer> | WebAssembly.Module,
  dspBytes: number,
  sampleRate: number,
): DspInstance {
  const module = wasm instanceof WebAssembly.Module ? wasm : new WebAssembly.Module(wasm);
  const dsp = new WebAssembly.Instance(module, { env: MATH_IMPORTS })
    .exports as unknown as FaustExports;

  const inputTable = Math.ceil(dspBytes / 8) * 8;
  const outputTable = inputTable + CHANNELS * 4;
  const firstBuffer = Math.ceil((outputTable + CHANNELS * 4) / 8) * 8;
  const bufferBytes = MAX_BLOCK * 8;
  const end = firstBuffer + 2 * CHANNELS * bufferBytes;
  const missing = end - dsp.memory.buffer.byteLength;
  if (missing > 0) dsp.memory.grow(Math.ceil(missing / PAGE));

  const { buffer } = dsp.memory;
  const inputAddresses = new Uint32Array(buffer, inputTable, CHANNELS);
  const outputAddresses = new Uint32Array(buffer, outputTable, CHANNELS);
  const inputStarts = [0, 1].map((c) => firstBuffer + c * bufferBytes);
  const outputStarts = [2, 3].map((c) => firstBuffer + c * bufferBytes);
  // The compiler leaves its description as text where the DSP's data goes: init replaces it, the buffers keep none.
  new Uint8Array(buffer).fill(0);
  dsp.init(DSP, sampleRate);

  return {
    inputs: inputStarts.map((at) => new Float64Array(buffer, at, MAX_BLOCK)),
    outputs: outputStarts.map((at) => new Float64Array(buffer, at, MAX_BLOCK)),
    setParam: (address, value) => dsp.setParamValue(DSP, address, value),
    compute(offset, frames) {
      for (let c = 0; c < CHANNELS; c++) {
        inputAddresses[c] = (inputStarts[c] as number) + offset * 8;
        outputAddresses[c] = (outputStarts[c] as number) + offset * 8;
      }
      dsp.compute(DSP, frames, inputTable, outputTable);
    },
    clear: () => dsp.instanceClear(DSP),
  };
}
