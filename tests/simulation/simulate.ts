import { checkQuiet } from './checks.ts';
import type { Page } from './page.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

/** Backoff, a silent connection, a lease and a node's last word, one after the other, and some. */
const QUIET_MS = 32_000;
/** Nine seconds until a silent connection is noticed, then the lease, then a sweep. */
const GONE_MS = 20_000;

export interface SimulationResult {
  readonly seed: number;
  readonly wrong: readonly string[];
  readonly operations: number;
  readonly values: number;
  readonly dropped: number;
  readonly resyncs: number;
}

/** Pages are closed while a hand is on a knob: nobody is there to be told, so nothing of it may be lost. */
async function leaveInMidGesture(world: World, pages: readonly Page[]): Promise<string[]> {
  const { ledger, memory, clock } = world;
  const plugins = memory.snapshot().plugins.map(({ id }) => id);
  const last: number[] = [];
  world.setDatabase(30);
  for (const [at, page] of pages.entries()) {
    const pluginId = plugins[at % plugins.length];
    if (pluginId === undefined) break;
    page.room.acquire(pluginId);
    await clock.advanceAsync(200);
    if (page.room.locks().get(pluginId)?.mine) {
      page.room.setParams(pluginId, { a: ledger.nextValue() }, { final: false });
      await clock.advanceAsync(12);
      const value = ledger.nextValue();
      page.room.setParams(pluginId, { a: value }, { final: false });
      last.push(value);
    }
    page.leave();
  }
  await clock.advanceAsync(1000);
  const stored = new Set<unknown>();
  for (const { kind, payload } of memory.log())
    if (kind === 'plugin.params') stored.add(payload.patch.params.a);
  return last
    .filter((value) => !stored.has(value))
    .map((value) => `the last value ${value} of a page that was closed is lost`);
}

/** One run: chaos, then quiet, then the checks; then everybody leaves, and nobody must be seen any more. */
export async function simulate(options: WorldOptions): Promise<SimulationResult> {
  const world = createWorld(options);
  const { ledger, memory } = world;
  const wrong: string[] = [];
  try {
    await world.live();
    await world.rest(QUIET_MS);
    const fresh = world.openPage();
    await world.clock.advanceAsync(3000);
    wrong.push(...checkQuiet(world, fresh));
    if (wrong.length === 0) {
      const others = world.here().filter((page) => page !== fresh);
      if (options.seed % 2 === 0) wrong.push(...(await leaveInMidGesture(world, others)));
      else for (const page of others) page.kill();
      await world.clock.advanceAsync(GONE_MS);
      const alone = `${fresh.session}:here`;
      if (fresh.present().join(' ') !== alone)
        wrong.push(`after all have left, ${fresh.present().join(' ')} are seen`);
      if (memory.heldLocks().length > 0) wrong.push('locks are held by nobody');
    }
  } catch (error) {
    wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return {
    seed: options.seed,
    wrong,
    operations: memory.log().length,
    values: ledger.counts.values,
    dropped: ledger.counts.dropped,
    resyncs: ledger.counts.resyncs,
  };
}
