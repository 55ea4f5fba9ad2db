/** Wrong passwords that one address may send for one e-mail, and for all of them together, within the window. */
const PER_ACCOUNT = 10;
const PER_ADDRESS = 100;
const WINDOW_MS = 5 * 60_000;
/** More keys than this at once are an attack on our memory: the oldest windows make room. */
const MAX_KEYS = 50_000;

interface Window {
  count: number;
  readonly endsAt: number;
}

/**
 * Counts failed sign-ins alone, so that whoever knows their password is never slowed down. Per process.
 * @param now Milliseconds of any steady clock.
 */
export function createFailureLimit(now: () => number = () => performance.now()) {
  const windows = new Map<string, Window>();
  const current = (key: string): Window | undefined => {
    const window = windows.get(key);
    if (window && window.endsAt <= now()) {
      windows.delete(key);
      return undefined;
    }
    return window;
  };
  const count = (key: string) => {
    const window = current(key);
    if (window) {
      window.count++;
      return;
    }
    if (windows.size >= MAX_KEYS) {
      const oldest = windows.keys().next().value;
      if (oldest !== undefined) windows.delete(oldest);
    }
    windows.set(key, { count: 1, endsAt: now() + WINDOW_MS });
  };
  const keys = (address: string, email: string) =>
    [
      [`${address} ${email}`, PER_ACCOUNT],
      [address, PER_ADDRESS],
    ] as const;

  return {
    /** Seconds until another attempt may be made; 0 = now. */
    secondsToWait(address: string, email: string): number {
      const waits = keys(address, email).map(([key, max]) => {
        const window = current(key);
        return window && window.count >= max ? window.endsAt - now() : 0;
      });
      return Math.ceil(Math.max(...waits) / 1000);
    },
    failed(address: string, email: string): void {
      for (const [key] of keys(address, email)) count(key);
    },
    succeeded(address: string, email: string): void {
      windows.delete(`${address} ${email}`);
    },
  };
}
export type FailureLimit = ReturnType<typeof createFailureLimit>;
