import type { Clock } from '../clock.ts';

/** Without another frame for so long, nobody's hand is on it. */
const STILL_MS = 300;

/** Which parameters others are moving at this moment. Calls back with the whole set of a plugin, when it changes. */
export function createMoving(clock: Clock, on: (id: string, paramIds: readonly string[]) => void) {
  const moving = new Map<string, { last: Map<string, number>; cancel: () => void }>();

  function stop(pluginId: string): void {
    const found = moving.get(pluginId);
    if (!found) return;
    found.cancel();
    moving.delete(pluginId);
    on(pluginId, []);
  }

  function look(pluginId: string): void {
    const found = moving.get(pluginId);
    if (!found) return;
    const now = clock.now();
    const still = [...found.last].filter(([, at]) => at + STILL_MS <= now);
    for (const [param] of still) found.last.delete(param);
    if (found.last.size === 0) {
      stop(pluginId);
      return;
    }
    if (still.length > 0) on(pluginId, [...found.last.keys()]);
    const next = Math.min(...found.last.values()) + STILL_MS - now;
    found.cancel = clock.setTimer(() => look(pluginId), Math.max(1, next));
  }

  return {
    stop,
    moved(pluginId: string, paramIds: readonly string[]): void {
      if (paramIds.length === 0) return;
      const known = moving.get(pluginId);
      const found = known ?? { last: new Map<string, number>(), cancel: () => {} };
      const before = found.last.size;
      for (const param of paramIds) found.last.set(param, clock.now());
      if (!known) {
        moving.set(pluginId, found);
        found.cancel = clock.setTimer(() => look(pluginId), STILL_MS);
      }
      if (found.last.size !== before) on(pluginId, [...found.last.keys()]);
    },
    close(): void {
      for (const { cancel } of moving.values()) cancel();
      moving.clear();
    },
  };
}
