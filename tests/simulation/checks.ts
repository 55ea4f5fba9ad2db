import { isSameProject } from './page.ts';
import type { World } from './world.ts';

/** The values of all plugins as a page shows them, others' and own ones included. */
const visibleOf = (page: ReturnType<World['here']>[number]) =>
  JSON.stringify(
    page.document().plugins.map(({ id }) => [id, Object.entries(page.room.visible(id)).sort()]),
  );

/** What must hold when all is quiet. Returns what does not. */
export function checkQuiet(world: World, fresh: ReturnType<World['openPage']>): string[] {
  const { memory, ledger } = world;
  const wrong = [...ledger.violations];
  const truth = memory.snapshot();
  const log = memory.log();

  for (const [at, { seq }] of log.entries())
    if (seq !== at + 1) wrong.push(`the log has seq ${seq} at place ${at + 1}`);
  const ids = log.map(({ opId }) => opId);
  if (new Set(ids).size !== ids.length) wrong.push('an operation id stands twice in the log');
  for (const write of memory.writes())
    if (!write.valid) wrong.push(`seq ${write.seq} was written without a valid lock`);

  const everybody = [...world.here().filter((page) => page !== fresh), fresh];
  for (const page of everybody) {
    const who = page === fresh ? 'a fresh join' : page.name;
    if (page.ended()) {
      wrong.push(`${who} ended: ${page.ended()}`);
      continue;
    }
    if (page.room.status() !== 'live') wrong.push(`${who} is ${page.room.status()}`);
    if (!isSameProject(page.document(), truth))
      wrong.push(
        `${who} (seq ${page.document().project.seq}) differs from the database (seq ${truth.project.seq})`,
      );
    const plugins = JSON.stringify(
      page.document().plugins.map(({ id, params }) => [id, Object.entries(params).sort()]),
    );
    if (visibleOf(page) !== plugins) wrong.push(`${who} shows other values than are stored`);
    if (page.room.mine().size > 0) wrong.push(`${who} still has values that are not stored`);
    page.oweAll();
  }

  const stored = new Set<number>();
  for (const operation of log) {
    const patch =
      operation.kind === 'plugin.params' || operation.kind === 'plugin.update'
        ? operation.payload.patch.params
        : undefined;
    for (const value of Object.values(patch ?? {})) stored.add(value);
  }
  const there = new Set(truth.plugins.map(({ id }) => id));
  for (const { value, what } of ledger.owed) {
    const pluginId = what.slice(what.indexOf(': ') + 2).split('/')[0] as string;
    if (!stored.has(value) && there.has(pluginId)) wrong.push(`value ${value} is lost (${what})`);
  }

  const seqOf = new Map(log.map(({ opId, seq }) => [opId, seq]));
  for (const [opId, { seq }] of ledger.performed)
    if (seqOf.get(opId) !== seq)
      wrong.push(`operation ${opId} was confirmed and is not in the log`);

  const held = memory.heldLocks().sort().join(' ');
  for (const page of everybody) {
    const seen = [...page.room.locks().keys()].sort().join(' ');
    if (!page.ended() && seen !== held) wrong.push(`${page.name} sees other locks than are held`);
  }
  const present = everybody
    .filter((page) => !page.ended())
    .map((page) => `${page.session}:here`)
    .sort()
    .join(' ');
  for (const page of everybody)
    if (!page.ended() && page.present().join(' ') !== present)
      wrong.push(`${page.name} sees ${page.present().join(' ')} instead of ${present}`);
  return wrong;
}
