/** What an AudioWorkletGlobalScope offers beyond the DOM types. */
export interface WorkletProcessor {
  readonly port: MessagePort;
}

export interface WorkletProcessorConstructor {
  new (
    options: AudioWorkletNodeOptions,
  ): WorkletProcessor & {
    process(
      inputs: Float32Array[][],
      outputs: Float32Array[][],
      parameters: Record<string, Float32Array>,
    ): boolean;
  };
}

interface WorkletGlobals {
  readonly currentFrame: number;
  readonly sampleRate: number;
  readonly AudioWorkletProcessor: new () => WorkletProcessor;
  registerProcessor(name: string, processor: WorkletProcessorConstructor): void;
}

/** `currentFrame` changes with every quantum: read it from here each time. */
export const worklet = globalThis as unknown as WorkletGlobals;
export const Processor = worklet.AudioWorkletProcessor;
