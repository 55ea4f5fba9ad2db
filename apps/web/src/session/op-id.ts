/**
 * An id for an operation (UUID version 7, RFC 9562): 48 bits of time first, so that ids made one after another lie
 * side by side in the server's index.
 */
export function newOpId(): string {
  const random = crypto.randomUUID();
  const time = Date.now().toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

/** Ids of an edit's operations, made as they are needed: kept over attempts, never over a change of what is sent. */
export function createOpIds() {
  const ids: string[] = [];
  return (step: number): string => {
    ids[step] ??= newOpId();
    return ids[step];
  };
}
export type OpIds = ReturnType<typeof createOpIds>;
