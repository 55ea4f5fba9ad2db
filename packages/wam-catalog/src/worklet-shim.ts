import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';

/** Frames in one call of `process`. */
export const QUANTUM = 128;

interface ParameterDescriptor {
  readonly name: string;
  readonly defaultValue?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
}

interface Processor {
  process(
    inputs: Float32Array[][],
    outputs: Float32Array[][],
    parameters: Record<string, Float32Array>,
  ): boolean;
}

interface ProcessorClass {
  new (options: unknown): Processor;
  readonly parameterDescriptors?: Iterable<ParameterDescriptor>;
}

export interface ProcessorOptions {
  /** Handed to the processor's constructor, as `processorOptions` of an AudioWorkletNode. */
  readonly processorOptions?: unknown;
  /** Values that hold from the first quantum on; absent ones start at the descriptor's default. */
  readonly parameterData?: Readonly<Record<string, number>>;
}

/** A running processor outside of a browser. */
export interface ProcessorHandle {
  /**
   * What `process` hands on as parameters: one value each (constant over the quantum). Write to the arrays, or
   * replace one by an array of 128 values for a ramp.
   */
  readonly parameters: Record<string, Float32Array>;
  /** One quantum: `inputs[input][channel]` of 128 frames, and the same for outputs. What the processor returns. */
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
  /** Sends a message to the processor's port; it arrives before this returns. */
  post(message: unknown): void;
  /** Called with each message that the processor posts. */
  onMessage: ((message: unknown) => void) | null;
}

/** What a worklet module sees of an AudioWorkletGlobalScope, in plain Node. */
export interface WorkletScope {
  readonly sampleRate: number;
  /** First frame of the next quantum; advance it by 128 after each round of `process` calls. */
  currentFrame: number;
  /** Evaluates a self-contained worklet module (no imports or exports) once; throws what the module throws. */
  load(file: string): void;
  /** Whether a loaded module has registered a processor of this name. */
  has(name: string): boolean;
  /** Constructs a processor that a loaded module has registered; throws what its constructor throws. */
  create(name: string, options?: ProcessorOptions): ProcessorHandle;
}

class Port {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly #out: (message: unknown) => void;
  constructor(out: (message: unknown) => void) {
    this.#out = out;
  }
  postMessage(message: unknown) {
    this.#out(message);
  }
  close() {
    this.onmessage = null;
  }
  start() {}
}

const clamp = (d: ParameterDescriptor, value: number) =>
  Math.min(d.maxValue ?? Number.MAX_VALUE, Math.max(d.minValue ?? -Number.MAX_VALUE, value));

/**
 * A scope of its own for worklet modules: any number may stand side by side in one thread, with different rates.
 * The modules run with this thread's rights: only trusted code belongs here.
 */
export function createWorkletScope({ sampleRate }: { sampleRate: number }): WorkletScope {
  const registered = new Map<string, ProcessorClass>();
  const clocks: ((frame: number) => void)[] = [];
  const loaded = new Set<string>();
  let now = 0;
  let pendingPort: Port | null = null;

  class AudioWorkletProcessor {
    readonly port: Port;
    constructor() {
      if (!pendingPort) throw new TypeError('Illegal constructor');
      this.port = pendingPort;
      pendingPort = null;
    }
  }

  const registerProcessor = (name: string, processor: ProcessorClass) => {
    if (registered.has(name)) throw new Error(`A processor "${name}" is registered already`);
    registered.set(name, processor);
  };

  function evaluate(file: string) {
    // The module reads `currentFrame` as a bare name, so each module gets a variable of its own that the clock sets.
    const run = compileFunction(
      `'use strict';let currentFrame=0,currentTime=0;__clock((f)=>{currentFrame=f;currentTime=f/sampleRate});${readFileSync(file, 'utf8')}`,
      ['registerProcessor', 'AudioWorkletProcessor', 'sampleRate', '__clock'],
      { filename: file },
    );
    run(registerProcessor, AudioWorkletProcessor, sampleRate, (set: (frame: number) => void) => {
      clocks.push(set);
      set(now);
    });
  }

  function create(name: string, options: ProcessorOptions = {}): ProcessorHandle {
    const Processor = registered.get(name);
    if (!Processor) throw new Error(`No module has registered a processor "${name}"`);
    const port = new Port((message) => handle.onMessage?.(message));
    pendingPort = port;
    const processor = new Processor({
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      parameterData: options.parameterData ?? {},
      processorOptions: options.processorOptions,
    });
    const parameters: Record<string, Float32Array> = {};
    for (const d of Processor.parameterDescriptors ?? []) {
      const value = options.parameterData?.[d.name] ?? d.defaultValue ?? 0;
      parameters[d.name] = Float32Array.of(clamp(d, value));
    }
    const handle: ProcessorHandle = {
      parameters,
      process: (inputs, outputs) => processor.process(inputs, outputs, parameters),
      post: (data) => port.onmessage?.({ data }),
      onMessage: null,
    };
    return handle;
  }

  return {
    sampleRate,
    get currentFrame() {
      return now;
    },
    set currentFrame(frame: number) {
      now = frame;
      for (const set of clocks) set(frame);
    },
    load(file) {
      if (loaded.has(file)) return;
      evaluate(file);
      loaded.add(file);
    },
    has: (name) => registered.has(name),
    create,
  };
}
