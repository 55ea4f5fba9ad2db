import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogEntry, ParamValues } from '@mixdown/contract';
import {
  createWorkletScope,
  type ProcessorHandle,
  QUANTUM,
  type WorkletScope,
} from './worklet-shim.ts';

export interface RunOptions {
  /** Folder with processor.js and dsp.wasm. */
  readonly folder: string;
  readonly entry: Pick<CatalogEntry, 'id' | 'version'>;
  readonly sampleRate: number;
  /** Real units; absent ones are at their default. */
  readonly params?: ParamValues;
}

/** Stereo, planar. */
export type Stereo = readonly [Float32Array, Float32Array];

export interface RunningPlugin {
  readonly scope: WorkletScope;
  readonly handle: ProcessorHandle;
  /**
   * Processes `input` (any length, padded with silence to whole quanta; the answer has the input's length). `null`
   * for `frames` frames of an unconnected input. `onQuantum` may set parameters before each quantum.
   */
  run(input: Stereo | null, o?: { frames?: number; onQuantum?: (frame: number) => void }): Stereo;
}

/** Starts a plugin's processor in this thread, as the engine does without a browser. */
export function runPlugin({ folder, entry, sampleRate, params = {} }: RunOptions): RunningPlugin {
  const scope = createWorkletScope({ sampleRate });
  scope.load(join(folder, 'processor.js'));
  const wasm = readFileSync(join(folder, 'dsp.wasm'));
  const handle = scope.create(`${entry.id}@${entry.version}`, {
    processorOptions: { wasmBytes: new Uint8Array(wasm).buffer },
    parameterData: params,
  });
  const block = () => [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
  const inBlock = block();
  const outBlock = block();

  return {
    scope,
    handle,
    run(input, { frames = input?.[0].length ?? 0, onQuantum } = {}) {
      const output: [Float32Array, Float32Array] = [
        new Float32Array(frames),
        new Float32Array(frames),
      ];
      for (let at = 0; at < frames; at += QUANTUM) {
        onQuantum?.(scope.currentFrame);
        const count = Math.min(QUANTUM, frames - at);
        for (let c = 0; c < 2; c++) {
          inBlock[c]?.fill(0);
          if (input) inBlock[c]?.set((input[c] as Float32Array).subarray(at, at + count));
          outBlock[c]?.fill(0);
        }
        handle.process([input ? inBlock : []], [outBlock]);
        for (let c = 0; c < 2; c++) {
          output[c]?.set((outBlock[c] as Float32Array).subarray(0, count), at);
        }
        scope.currentFrame += QUANTUM;
      }
      return output;
    },
  };
}
