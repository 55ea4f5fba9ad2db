import type { Clock, Protections } from '@mixdown/core';
import type { BusMessage } from './bus/bus.ts';
import type { Hold } from './hold.ts';
import type { Room } from './room-types.ts';

/** How long whoever takes over waits for what the holder has done to be written. */
const FLUSH_WAIT_MS = 1_500;

/** Has the holder's node write what it has, before somebody takes the lock from it. */
export function createTakeover({
  room,
  clock,
  nextAsk,
  on,
}: {
  readonly room: Room;
  readonly clock: Clock;
  /** A new id for each question to other nodes. */
  nextAsk(): string;
  readonly on: Protections;
}) {
  const { holds } = room;
  const waiting = new Map<string, () => void>();

  async function flushOwn(hold: Hold): Promise<void> {
    hold.closing = true;
    clock.setTimer(() => holds.reopen(hold), FLUSH_WAIT_MS * 2);
    // A database that is away must not hold up whoever takes over for longer than other nodes would.
    const patience = new Promise<void>((resolve) => void clock.setTimer(resolve, FLUSH_WAIT_MS));
    if (on.persistBeforeTakeover) await Promise.race([holds.flush(hold), patience]);
  }

  return {
    /** Everything under fences up to `fence`; gives up after a while. */
    async flush(pluginId: string, fence: number): Promise<void> {
      const hold = holds.of(pluginId);
      if (hold) {
        await flushOwn(hold);
        return;
      }
      const ask = nextAsk();
      await new Promise<void>((resolve) => {
        const cancel = clock.setTimer(resolve, FLUSH_WAIT_MS);
        waiting.set(ask, () => {
          cancel();
          resolve();
        });
        room.publish({ kind: 'flush', pluginId, fence, ask });
      });
      waiting.delete(ask);
    },
    hear(message: BusMessage): void {
      if (message.kind === 'flushed') waiting.get(message.ask)?.();
      if (message.kind !== 'flush') return;
      const hold = holds.of(message.pluginId);
      if (!hold || hold.fence > message.fence) return;
      const { ask } = message;
      void flushOwn(hold).then(() => room.publish({ kind: 'flushed', ask }));
    },
    close(): void {
      for (const resolve of waiting.values()) resolve();
    },
  };
}
