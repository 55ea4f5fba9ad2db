import type { ParamFrame } from '@mixdown/contract';
import type { Clock } from '@mixdown/core';
import type { Authority } from './authority.ts';
import { createBucket } from './limits.ts';
import { isValid, type KnownPlugin } from './room-plugins.ts';
import type { Member, Room } from './room-types.ts';

const RETRY_MS = 500;
const MAX_QUEUE = 256;
/** Fences that a node has not heard of are asked about at most so often, per room. */
const CHECKS = { perSecond: 20, burst: 40 };

interface Check {
  readonly member: Member;
  frames: ParamFrame[];
}

/** Takes parameter frames: from who holds the plugin, as far as this node knows, and asks where it does not. */
export function createRoomFrames(deps: {
  readonly room: Room;
  readonly authority: Pick<Authority, 'renew'>;
  readonly clock: Clock;
  readonly ttlMs: number;
}) {
  const { room, clock } = deps;
  /** Frames under fences that this node does not know of, by plugin and session. */
  const checks = new Map<string, Check>();
  const allowance = createBucket(clock, CHECKS);

  function refuse(
    member: Member,
    plugin: Pick<KnownPlugin, 'h'>,
    frame: ParamFrame,
    code: 'stale_fence' | 'not_held' | 'invalid',
  ): void {
    const target = { plugin: plugin as KnownPlugin, fence: frame.f, session: member.session };
    room.holds.refuse(target, frame.n, code);
  }

  /** Whether the lease of a hold that nobody here has heard of is real. Never decides by silence. */
  async function ask(key: string, plugin: KnownPlugin, check: Check): Promise<void> {
    const { member } = check;
    const who = { session: member.session, userId: member.userId };
    for (;;) {
      if (room.members.get(member.session) !== member) break;
      const before = clock.now();
      try {
        const renewed = await deps.authority.renew([who], deps.ttlMs);
        checks.delete(key);
        const found = renewed.find(({ pluginId }) => pluginId === plugin.id);
        const [first] = check.frames;
        if (!found || !first || found.fence !== first.f) {
          const known = room.locks.of(plugin.id)?.fence ?? 0;
          for (const frame of check.frames.slice(-1)) {
            refuse(member, plugin, frame, frame.f < known ? 'stale_fence' : 'not_held');
          }
          return;
        }
        const hold = room.holds.begin({
          plugin,
          session: member.session,
          fence: found.fence,
          identity: member.identity(),
          n: 0,
          before,
        });
        room.learn({ pluginId: plugin.id, fence: found.fence, ...who });
        for (const frame of check.frames) room.holds.receive(hold, frame);
        return;
      } catch {
        await new Promise<void>((wake) => void clock.setTimer(wake, RETRY_MS));
      }
    }
    checks.delete(key);
  }

  return {
    receive(member: Member, frame: ParamFrame): void {
      const plugin = room.plugins.byHandle(frame.h);
      if (!plugin || !member.standing().editable) {
        refuse(member, plugin ?? { h: frame.h }, frame, 'not_held');
        return;
      }
      if (!isValid(plugin, frame.v)) {
        refuse(member, plugin, frame, 'invalid');
        return;
      }
      const hold = room.holds.of(plugin.id);
      if (hold?.session === member.session && hold.fence === frame.f) {
        room.holds.receive(hold, frame);
        return;
      }
      const known = room.locks.of(plugin.id);
      if (known && frame.f < known.fence) {
        refuse(member, plugin, frame, 'stale_fence');
        return;
      }
      const others = known && frame.f === known.fence && known.session !== member.session;
      if (others || frame.f === 0) {
        refuse(member, plugin, frame, 'not_held');
        return;
      }
      const key = `${plugin.id} ${member.session}`;
      const waiting = checks.get(key);
      if (waiting && waiting.member === member && waiting.frames[0]?.f === frame.f) {
        if (waiting.frames.length < MAX_QUEUE) waiting.frames.push(frame);
        return;
      }
      if (waiting || !allowance.take()) {
        refuse(member, plugin, frame, 'not_held');
        return;
      }
      const check = { member, frames: [frame] };
      checks.set(key, check);
      void ask(key, plugin, check);
    },
  };
}
export type RoomFrames = ReturnType<typeof createRoomFrames>;
