import { refuse } from '@mixdown/contract';
import { z } from 'zod';

const At = z.iso.datetime({ offset: true, precision: 6 });
const POSITIONS = {
  uuid: z.tuple([At, z.guid()]),
  number: z.tuple([At, z.string().regex(/^\d{1,18}$/)]),
};
/** A row's place in a listing by time: the moment to the microsecond, and an id for rows of the same moment. */
export interface Position {
  readonly at: string;
  readonly id: string;
}

/** Opaque to clients, so that it may change. */
const cursorOf = ({ at, id }: Position): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The place that a cursor names; null without one. Refuses what was not given out by a listing with such ids. */
export function positionOf(
  cursor: string | undefined,
  ids: keyof typeof POSITIONS = 'uuid',
): Position | null {
  if (cursor === undefined) return null;
  const position = POSITIONS[ids].safeParse(parsed(Buffer.from(cursor, 'base64url').toString()));
  if (position.success) return { at: position.data[0], id: position.data[1] };
  const detail = 'must be the `next` of an earlier answer';
  throw refuse('validation_failed', `/query/cursor: ${detail}.`, {
    errors: [{ pointer: '/query/cursor', detail }],
  });
}

/** A page of rows that were read one more than asked for, and where the next one begins. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  positionOfRow: (row: T) => Position,
): { page: T[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > limit && last ? cursorOf(positionOfRow(last)) : null };
}
