import type { ClientMessage, OperationRequest, ServerMessage } from '@mixdown/contract';
import type { Authority } from './authority.ts';
import type { RealtimeMetrics } from './gateway-metrics.ts';
import type { Member } from './room-types.ts';
import type { OpenRoom } from './rooms.ts';

/** What somebody says once they are in a room. */
export type RoomMessage = Exclude<
  ClientMessage,
  { t: 'hello' | 'token' | 'ping' | 'pong' | 'look' }
>;
type OpMessage = Extract<RoomMessage, { t: 'op' }>;

const READ_ONLY = 'Your account may look at this project, but not change it.';
const AWAY = 'The database cannot be reached right now. Try again in a few seconds.';
const NO_PLUGIN = 'There is no such plugin here.';

/** Structural edits, locks and frames of somebody in a room. */
export function createRoomActs({
  authority,
  metrics,
}: {
  readonly authority: Pick<Authority, 'perform'>;
  readonly metrics: RealtimeMetrics;
}) {
  async function answerTo(m: OpMessage, { room }: OpenRoom, by: Member): Promise<ServerMessage> {
    const { opId, kind, payload, f } = m;
    if (!by.standing().editable) return { t: 'op.err', opId, code: 'forbidden', detail: READ_ONLY };
    const { session } = by;
    try {
      // An edit comes after the values that the same hand has given before it.
      await Promise.all(room.holds.by(session).map(room.holds.flush));
      const request = { opId, kind, payload, session, ...(f !== undefined && { fence: f }) };
      const answer = await authority.perform(
        by.identity(),
        room.projectId,
        // The schema of the message has paired kind and payload.
        request as OperationRequest & { session: string },
      );
      if ('refusal' in answer) {
        const { code, detail, extra } = answer.refusal;
        return { t: 'op.err', opId, code, detail, ...(extra && { extra }) };
      }
      room.log.hint(answer.seq);
      room.publish({ kind: 'ops', seq: answer.seq });
      return { t: 'op.ok', opId, seq: answer.seq, ...(answer.dup && { dup: true as const }) };
    } catch {
      return { t: 'op.err', opId, code: 'unavailable', detail: AWAY };
    }
  }

  return (m: RoomMessage, open: OpenRoom, by: Member): void => {
    const say = (message: ServerMessage) => by.send(JSON.stringify(message));
    if (m.t === 'pf') {
      metrics.frameIn();
      open.frames.receive(by, m);
      return;
    }
    if (m.t === 'op') {
      void answerTo(m, open, by).then(say);
      return;
    }
    const { locks } = open;
    const plugin = open.room.plugins.byHandle(m.h);
    if (!plugin) {
      say({ t: 'lock.err', h: m.h, code: 'not_found', detail: NO_PLUGIN });
      return;
    }
    switch (m.t) {
      case 'lock.acquire':
        locks.acquire(by, plugin);
        return;
      case 'lock.request':
        locks.request(by, plugin);
        return;
      case 'lock.force':
        locks.force(by, plugin);
        return;
      case 'lock.release':
        locks.release(by, plugin, m.f);
        return;
      case 'lock.answer':
        locks.answer(by, plugin, m.session, m.allow);
    }
  };
}
export type RoomActs = ReturnType<typeof createRoomActs>;
