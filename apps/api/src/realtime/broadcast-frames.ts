import type { RealtimeMetrics } from './gateway-metrics.ts';
import type { LiveFrames } from './live-frames.ts';
import type { Member } from './room-types.ts';

type Out = ReturnType<LiveFrames['take']>['out'];

/** All but those of one session; null where nothing is left. */
function batchOf(out: Out, tick: number, without: string | null) {
  let list = '';
  let changes = 0;
  for (const entry of out) {
    if (entry.by === without) continue;
    list += list === '' ? entry.json : `,${entry.json}`;
    changes += entry.changes;
  }
  return list === '' ? null : { text: `{"t":"pf","k":${tick},"e":[${list}]}`, changes };
}

/** One batch for everybody, written once; who has moved something gets it without their own. */
export function broadcastFrames(
  out: Out,
  o: {
    readonly tick: number;
    readonly members: Iterable<Member>;
    readonly metrics: RealtimeMetrics;
  },
): void {
  const senders = new Set(out.map(({ by }) => by));
  const whole = batchOf(out, o.tick, null);
  let sent = 0;
  let changes = 0;
  for (const member of o.members) {
    const { session } = member;
    const batch = senders.has(session) ? batchOf(out, o.tick, session) : whole;
    if (!batch) continue;
    member.send(batch.text);
    changes += batch.changes;
    sent += 1;
  }
  o.metrics.frameOut(sent);
  o.metrics.changesDelivered(changes);
}
