/** A worklet of our own origin that passes its input: what the probe of the browser is made with. */
declare const registerProcessor: (name: string, processor: unknown) => void;
declare const AudioWorkletProcessor: new () => object;

class ProbePass extends AudioWorkletProcessor {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    inputs[0]?.forEach((samples, channel) => {
      outputs[0]?.[channel]?.set(samples);
    });
    return true;
  }
}

registerProcessor('mixdown-probe', ProbePass);
