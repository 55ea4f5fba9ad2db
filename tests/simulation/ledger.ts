/** What a run must not forget: which values were made, what became of operations, and what went wrong. */
export function createLedger() {
  const violations: string[] = [];
  const origins = new Map<number, { readonly f: number; readonly n: number }>();
  const owed: { readonly value: number; readonly what: string }[] = [];
  const performed = new Map<string, { readonly seq: number; readonly dup: boolean }>();
  let values = 0;
  return {
    violations,
    performed,
    owed,
    violate(what: string): void {
      if (violations.length < 20) violations.push(what);
    },
    nextValue: () => ++values,
    /** A value has left its page in frame n under fence f. */
    left: (value: number, f: number, n: number) => origins.set(value, { f, n }),
    originOf: (value: number) => origins.get(value),
    /** This value must be in the log when all is quiet. */
    owe: (value: number, what: string) => owed.push({ value, what }),
    answered: (opId: string, answer: { seq: number; dup: boolean }) => performed.set(opId, answer),
    counts: { gestures: 0, values: 0, dropped: 0, operations: 0, refused: 0, resyncs: 0 },
  };
}
export type Ledger = ReturnType<typeof createLedger>;
