/** Postgres takes payloads of less than 8000 bytes; escaped, a character is at most three of them here. */
const PIECE_CHARACTERS = 2_400;
/** Messages that are put together at one time, from all nodes: what never gets whole is forgotten. */
const MAX_OPEN = 256;

export interface Envelope {
  /** The node that says it. */
  readonly from: string;
  readonly p: string;
  /** JSON of the message, or a piece of it. */
  readonly m: string;
  /** Of a message in pieces: which message, which piece, of how many. */
  readonly id?: number;
  readonly i?: number;
  readonly of?: number;
}

/** A message as one or more payloads, in order. */
export function inPieces(
  o: { from: string; projectId: string; id: number },
  text: string,
): string[] {
  const { from, projectId: p, id } = o;
  if (text.length <= PIECE_CHARACTERS) {
    return [JSON.stringify({ from, p, m: text } satisfies Envelope)];
  }
  const of = Math.ceil(text.length / PIECE_CHARACTERS);
  return Array.from({ length: of }, (_, i) => {
    const m = text.slice(i * PIECE_CHARACTERS, (i + 1) * PIECE_CHARACTERS);
    return JSON.stringify({ from, p, m, id, i, of } satisfies Envelope);
  });
}

/** Puts pieces together again: the text of a message once its last piece has come, else null. */
export function createAssembler() {
  const open = new Map<string, string[]>();
  return (envelope: Envelope): string | null => {
    const { from, m, id, i, of } = envelope;
    if (id === undefined || i === undefined || of === undefined) return m;
    const key = `${from} ${id}`;
    const pieces = open.get(key) ?? [];
    if (pieces.length !== i) {
      open.delete(key);
      return null;
    }
    pieces.push(m);
    if (pieces.length === of) {
      open.delete(key);
      return pieces.join('');
    }
    open.set(key, pieces);
    const [oldest] = open.keys();
    if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
    return null;
  };
}
