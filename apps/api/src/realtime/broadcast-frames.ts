import type { RealtimeMetrics } from './gateway-metrics.ts';
import type { LiveFrames } from './live-frames.ts';
import type { Member } from './room-types.ts';

type Out = ReturnType<LiveFrames['take']>['out'];

const textOf = (tick: number, entries: Out) =>
  `{"t":"pf","k":${tick},"e":[${entries.map(({ json }) => json).join(',')}]}`;
const changesOf = (entries: Out) => entries.reduce((sum, { changes }) => sum + changes, 0);

/** One batch for everybody, written once; who has moved something gets it without their own. */
export function broadcastFrames(
  out: Out,
  o: {
    readonly tick: number;
    readonly members: readonly Member[];
    readonly metrics: RealtimeMetrics;
  },
): void {
  const senders = new Set(out.map(({ by }) => by));
  const whole = { text: textOf(o.tick, out), changes: changesOf(out) };
  let sent = 0;
  let changes = 0;
  for (const member of o.members) {
    if (!senders.has(member.session)) {
      member.send(whole.text);
      changes += whole.changes;
      sent += 1;
      continue;
    }
    const others = out.filter(({ by }) => by !== member.session);
    if (others.length === 0) continue;
    member.send(textOf(o.tick, others));
    changes += changesOf(others);
    sent += 1;
  }
  o.metrics.frameOut(sent);
  o.metrics.changesDelivered(changes);
}
