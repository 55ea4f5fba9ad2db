import type { Notification } from '@mixdown/database';
import { z } from 'zod';
import type { BusMessage } from './bus.ts';

const Ops = z.object({ projectId: z.string(), seq: z.number() });
const Lock = z.object({
  projectId: z.string(),
  pluginId: z.string(),
  fence: z.number(),
  sessionId: z.string().nullable(),
  userId: z.string().nullable(),
});
const Access = z.object({ projectId: z.string().nullable(), userId: z.string() });

/** What the database itself tells, whoever changed something. */
export const DATABASE_CHANNELS = ['daw_ops', 'daw_locks', 'daw_access'] as const;
/** As whom the database speaks among the nodes. */
export const DATABASE = 'database';

/** A notification of the database as a message of the bus; null where it is none. */
export function messageOf({
  channel,
  payload,
}: Notification): { projectId: string; message: BusMessage } | null {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return null;
  }
  if (channel === 'daw_ops') {
    const { data } = Ops.safeParse(json);
    return data ? { projectId: data.projectId, message: { kind: 'ops', seq: data.seq } } : null;
  }
  if (channel === 'daw_locks') {
    const { data } = Lock.safeParse(json);
    if (!data) return null;
    const { projectId, pluginId, fence, sessionId: session, userId } = data;
    return { projectId, message: { kind: 'lock', pluginId, fence, session, userId } };
  }
  const { data } = Access.safeParse(json);
  if (channel !== 'daw_access' || !data) return null;
  return { projectId: data.projectId ?? '', message: { kind: 'access', userId: data.userId } };
}
