export interface FaultMatch {
  readonly method?: string;
  readonly key?: string;
  /** A query parameter that must be there, such as `partNumber` or `uploads`. */
  readonly query?: string;
}

export type FaultAction =
  /** Answers with this status instead of doing what was asked. */
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** Answers late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Cuts the connection, `before` or `after` doing what was asked. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** Keeps other bytes than were sent, as a broken disk or cable would. */
  | { readonly kind: 'corrupt' }
  /** Sends the first half of the body and then nothing. */
  | { readonly kind: 'stall' };

interface Fault {
  readonly match: FaultMatch;
  readonly action: FaultAction;
  left: number;
}

/** Faults in the order in which they were added; each strikes the next `times` requests that it matches. */
export class Faults {
  readonly #faults: Fault[] = [];

  add(match: FaultMatch, action: FaultAction, times = 1): void {
    this.#faults.push({ match, action, left: times });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  take(method: string, key: string, query: URLSearchParams): FaultAction | null {
    const fault = this.#faults.find(
      ({ match, left }) =>
        left > 0 &&
        (match.method ?? method) === method &&
        (match.key ?? key) === key &&
        (match.query === undefined || query.has(match.query)),
    );
    if (!fault) return null;
    fault.left -= 1;
    return fault.action;
  }
}
