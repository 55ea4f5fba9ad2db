import type { Notification } from '@mixdown/database';
import type { BusMessage } from './bus.ts';

/** Ten hands are forty of these a second, hence by hand. */
type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value);
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

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
  if (typeof json !== 'object' || json === null) return null;
  const { projectId, pluginId, fence, sessionId, userId, seq } = json as Fields;
  if (channel === 'daw_ops') {
    return isText(projectId) && isCount(seq) ? { projectId, message: { kind: 'ops', seq } } : null;
  }
  if (channel === 'daw_access') {
    if (!isTextOrNull(projectId) || !isText(userId)) return null;
    return { projectId: projectId ?? '', message: { kind: 'access', userId } };
  }
  if (channel !== 'daw_locks' || !isText(projectId) || !isText(pluginId) || !isCount(fence))
    return null;
  if (!isTextOrNull(sessionId) || !isTextOrNull(userId)) return null;
  return { projectId, message: { kind: 'lock', pluginId, fence, session: sessionId, userId } };
}
