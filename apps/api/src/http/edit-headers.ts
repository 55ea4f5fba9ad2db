import { Id, refuse, SessionId } from '@mixdown/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const OPERATION_ID = 'operation-id';
const SESSION = 'mixdown-session';

/** Headers that every edit of a project takes. */
export const EditHeaders = z.object({
  [OPERATION_ID]: Id.optional().meta({
    description:
      'A UUID of your own, new for each edit and the same when the edit is repeated: it is done once, and answered again. The socket takes the same ids. Known for 7 days.',
    examples: ['0197a3c0-5b7e-7c3a-9d41-2f6f0c8e1b52'],
  }),
  [SESSION]: SessionId.optional().meta({
    description:
      'The tab’s session, as in the socket’s `hello`: its own locks do not stand in its way, those of the same account’s other tabs do.',
    examples: ['s4rT_9kQmW2xLp0a'],
  }),
});

/** The edit's id and session, where the request names them. Refuses malformed ones. */
export function readEditHeaders({ headers }: Pick<FastifyRequest, 'headers'>): {
  readonly opId: string | undefined;
  readonly session: string | undefined;
} {
  const parsed = EditHeaders.safeParse(headers);
  if (parsed.success) return { opId: parsed.data[OPERATION_ID], session: parsed.data[SESSION] };
  const name = String(parsed.error.issues[0]?.path[0]);
  throw refuse(
    'validation_failed',
    name === OPERATION_ID
      ? 'The Operation-Id header must be a UUID.'
      : 'The Mixdown-Session header must be 16 to 64 characters of A–Z a–z 0–9 _ -.',
  );
}
