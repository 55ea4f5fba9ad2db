/** Calls `onSilence` once if nobody calls `alive` for `timeoutMs`; owned by whoever started it, until `stop`. */
export function startWatchdog(timeoutMs: number, onSilence: () => void) {
  let timer = setTimeout(onSilence, timeoutMs);
  return {
    alive() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, timeoutMs);
    },
    stop: () => clearTimeout(timer),
  };
}
