export type ProbeReason =
  | 'insecure_context'
  | 'no_audio_worklet'
  | 'no_webassembly'
  | 'module_refused'
  | 'render_failed';

export type ProbeResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: ProbeReason; readonly detail: string };

export interface ProbeOptions {
  /**
   * A worklet module and the name of a stereo processor in it that passes its input. It has to be a file of the
   * page's own: a module made on the spot would need `blob:` in the page's policy. Without one, the last two
   * tests are left out.
   */
  readonly module?: { readonly url: string; readonly processor: string };
}

const FRAMES = 256;
/** The smallest module there is: magic number and version. */
const EMPTY_WASM = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

const fail = (reason: ProbeReason, detail: string): ProbeResult => ({ ok: false, reason, detail });

/**
 * Whether this browser can run the engine, tried out from the cheapest test to the dearest, without sound and
 * without needing a click. Never throws.
 */
export async function probeBrowser({ module }: ProbeOptions = {}): Promise<ProbeResult> {
  if (!globalThis.isSecureContext) {
    return fail('insecure_context', 'Open this page through https: or on localhost.');
  }
  if (!globalThis.BaseAudioContext || !('audioWorklet' in BaseAudioContext.prototype)) {
    return fail('no_audio_worklet', 'This browser has no audio worklets; a current version has.');
  }
  try {
    await WebAssembly.instantiate(EMPTY_WASM);
  } catch {
    return fail('no_webassembly', 'WebAssembly is switched off in this browser.');
  }
  return module ? tryModule(module) : { ok: true };
}

async function tryModule(module: { url: string; processor: string }): Promise<ProbeResult> {
  const context = new OfflineAudioContext(2, FRAMES, 48_000);
  try {
    await context.audioWorklet.addModule(module.url);
  } catch {
    return fail('module_refused', 'This browser could not load the audio engine.');
  }
  try {
    const pass = new AudioWorkletNode(context, module.processor, {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      channelCount: 2,
      channelCountMode: 'explicit',
      processorOptions: {},
    });
    const source = new ConstantSourceNode(context, { offset: 0.5 });
    source.connect(pass).connect(context.destination);
    source.start();
    const samples = (await context.startRendering()).getChannelData(1);
    if (samples.length === FRAMES && samples.every((x) => x === 0.5)) return { ok: true };
    return fail('render_failed', 'Audio does not come out of this browser as it should.');
  } catch (error) {
    return fail('render_failed', error instanceof Error ? error.message : String(error));
  }
}
