export interface ClaimLoopOptions<T> {
  /** Exports that this worker runs at once. */
  readonly slots: number;
  /** Looks for work without having been told to: notifications can be lost, and backoffs end silently. */
  readonly pollMs: number;
  /** Takes up to `free` exports out of the queue; none is an empty list. */
  readonly claim: (free: number) => Promise<readonly T[]>;
  /** Runs one to its end; never rejects. */
  readonly run: (claimed: T) => Promise<void>;
  /** Gives back what was claimed while the loop was being stopped. */
  readonly handBack: (claimed: T) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export interface ClaimLoop {
  /** There may be work: a notification came. */
  wake(): void;
  readonly running: number;
  /** Claims nothing from now on; resolves when what runs has ended. */
  stop(): Promise<void>;
}

/** Keeps the slots filled. One claim at a time; a wake during a claim leads to another. */
export function startClaimLoop<T>(options: ClaimLoopOptions<T>): ClaimLoop {
  const running = new Set<Promise<void>>();
  let stopped = false;
  let dirty = false;
  let interrupt: (() => void) | undefined;

  const wake = () => {
    dirty = true;
    interrupt?.();
  };

  const begin = (claimed: T) => {
    const task = options.run(claimed).finally(() => {
      running.delete(task);
      wake();
    });
    running.add(task);
  };

  const fill = async () => {
    const free = options.slots - running.size;
    if (free <= 0) return;
    const claimed = await options.claim(free);
    if (stopped) await Promise.all(claimed.map(options.handBack));
    else claimed.forEach(begin);
    if (claimed.length > 0) dirty = true;
  };

  const loop = async () => {
    while (!stopped) {
      dirty = false;
      await fill().catch(options.onError);
      if (!dirty && !stopped) await pause(options.pollMs, (fn) => (interrupt = fn));
    }
  };
  const looping = loop();

  return {
    wake,
    get running() {
      return running.size;
    },
    async stop() {
      stopped = true;
      wake();
      await looping;
      await Promise.all(running);
    },
  };
}

/** Resolves after `ms`, or as soon as the function that it hands out is called. */
function pause(ms: number, onInterrupt: (interrupt: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    onInterrupt(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
