const KEY = 'mixdown.session';
let current: string | null = null;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

const fresh = (): string => crypto.randomUUID().replaceAll('-', '');

/**
 * This tab's identity towards the others, kept over a reload so that its locks stay its own. It lies in storage only
 * while no page runs: a tab that is duplicated copies its storage, and must not find it there.
 */
export function sessionId(storage: () => Storage = () => sessionStorage): string {
  if (current) return current;
  try {
    current = storage().getItem(KEY) ?? fresh();
    storage().removeItem(KEY);
  } catch {
    // Without storage each load of the page is a tab of its own.
    current = fresh();
  }
  return current;
}

/** Called when the page goes away, for the page that a reload brings. */
export function keepSessionId(storage: () => Storage = () => sessionStorage): void {
  try {
    if (current) storage().setItem(KEY, current);
  } catch {
    // See above.
  }
}

/** Called when the page comes back out of the browser's cache. */
export function reclaimSessionId(storage: () => Storage = () => sessionStorage): void {
  try {
    storage().removeItem(KEY);
  } catch {
    // See above.
  }
}

/** For tests: the next page. */
export function forgetSessionId(): void {
  current = null;
}
