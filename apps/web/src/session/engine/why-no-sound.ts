/** What of a browser the engine cannot do without. */
export interface BrowserParts {
  readonly isSecureContext?: boolean | undefined;
  readonly AudioContext?: unknown;
  readonly AudioWorkletNode?: unknown;
  readonly WebAssembly?: unknown;
}

/**
 * Why this browser can play nothing at all, as a sentence; null where it has every part. It looks without trying
 * anything out, so it may be asked before anything else; what only fails when tried, `probe` finds.
 */
export function whyNoSound(browser: BrowserParts = globalThis as BrowserParts): string | null {
  // Browsers take the worklets away from pages that came over an open line: that is the reason to name.
  if (!browser.isSecureContext)
    return 'Browsers play only pages that come through https: or from this machine.';
  if (!browser.AudioContext || !browser.AudioWorkletNode)
    return 'This browser is too old to run the effects.';
  if (!browser.WebAssembly) return 'WebAssembly, which the effects need, is switched off here.';
  return null;
}
