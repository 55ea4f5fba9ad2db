import type { PluginFailure } from '@mixdown/contract';
import { createWorkletScope, type WorkletScope } from '@mixdown/wam-catalog/worklet-shim';
import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import type { PluginCode } from './protocol.ts';

/** A plugin that failed, before it is known in which slot. */
export class PluginFault extends Error {
  override readonly name = 'PluginFault';
  readonly failure: PluginFailure;
  constructor(failure: PluginFailure, detail: string) {
    super(detail);
    this.failure = failure;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Runs plugin processors in this thread. One scope holds all of them, as one AudioWorkletGlobalScope does. */
export class PluginHost {
  readonly #scope: WorkletScope;

  constructor(sampleRate: number) {
    this.#scope = createWorkletScope({ sampleRate });
  }

  /** Context frame of the quantum that is rendered next. */
  set currentFrame(frame: number) {
    this.#scope.currentFrame = frame;
  }

  /** Starts a processor with `params` in force from the first sample. Throws {@link PluginFault}. */
  start(code: PluginCode, params: Readonly<Record<string, number>>): PluginRunner {
    const name = `${code.catalogId}@${code.version}`;
    try {
      this.#scope.load(code.processor);
    } catch (error) {
      throw new PluginFault('syntax', messageOf(error));
    }
    if (!this.#scope.has(name)) {
      throw new PluginFault('no_constructor', `Its module registers no processor ${name}.`);
    }
    try {
      const handle = this.#scope.create(name, {
        parameterData: params,
        processorOptions: code.wasm ? { wasmBytes: code.wasm.buffer } : {},
      });
      return new PluginRunner(handle);
    } catch (error) {
      throw new PluginFault('processor_error', messageOf(error));
    }
  }
}

/** One running plugin: stereo in, stereo out, a quantum at a time. */
export class PluginRunner {
  readonly #handle: ReturnType<WorkletScope['create']>;
  readonly #input: Stereo = createStereo(QUANTUM);
  readonly #inputs = [[this.#input[0], this.#input[1]]];
  readonly output: Stereo = createStereo(QUANTUM);
  readonly #outputs = [[this.output[0], this.output[1]]];

  constructor(handle: ReturnType<WorkletScope['create']>) {
    this.#handle = handle;
  }

  /** Processes `input` (left as it is) into {@link output}. Throws {@link PluginFault}. */
  process(input: Stereo): Stereo {
    this.#input[0].set(input[0]);
    this.#input[1].set(input[1]);
    this.output[0].fill(0);
    this.output[1].fill(0);
    try {
      this.#handle.process(this.#inputs, this.#outputs);
    } catch (error) {
      throw new PluginFault('processor_error', messageOf(error));
    }
    return this.output;
  }
}
