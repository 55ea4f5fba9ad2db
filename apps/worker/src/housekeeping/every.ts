/** Does `work` now and then `ms` after each end of it. `stop` waits for what is under way. */
export function every(
  ms: number,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void>;
  const turn = () => {
    current = work()
      .then(() => undefined, onError)
      .then(() => {
        if (!stopped) timer = setTimeout(turn, ms);
      });
  };
  turn();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
