import type { Protections } from '@mixdown/core';
import { createGateway, type Gateway } from '../../apps/api/src/realtime/gateway.ts';
import { type AuthorityFault, createMemoryAuthority } from '../support/memory-authority.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { createLedger } from './ledger.ts';
import { createMortalClock } from './mortal-clock.ts';
import { createPage, type Page } from './page.ts';
import { createRandom } from './random.ts';
import { CATALOG, createPeople, createStart, type Person } from './scene.ts';
import { createSimulatedBus } from './simulated-bus.ts';
import { createWire, type PageSide, type Wire } from './wire.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly protections?: Partial<Protections>;
  readonly trace?: (line: string) => void;
}

interface Node {
  readonly id: string;
  readonly gateway: Gateway;
  readonly clock: ReturnType<typeof createMortalClock>;
  readonly wires: Set<Wire>;
}

/** How bad things may get in one run; follows from the seed, so that runs differ in kind. */
function conditionsOf(random: ReturnType<typeof createRandom>) {
  return {
    nodes: random.int(1, 3),
    people: random.int(2, 4),
    plugins: random.int(2, 5),
    pages: random.int(2, 5),
    chaosMs: random.int(9_000, 20_000),
    /** How often a page does something, and something breaks, in ms. */
    actEveryMs: random.int(150, 700),
    breakEveryMs: random.pick([900, 2000, 5000, 1e9]),
    maxDelayMs: random.pick([4, 40, 250]),
    bus: {
      maxDelayMs: random.pick([2, 60, 400]),
      duplicates: random.pick([0, 0.2]),
      loss: random.pick([0, 0, 0.15]),
    },
    lossToPage: random.pick([0, 0, 0, 0.01]),
    databaseMs: random.pick([1, 8, 60]),
    rejections: random.pick([0, 0, 0.05]),
  };
}

/** Pages, gateways, a bus and a database, all in virtual time and from one seed. */
export function createWorld({ seed, protections, trace }: WorldOptions) {
  const random = createRandom(seed);
  const chaos = conditionsOf(random);
  const order = random.fork();
  const clock = createVirtualClock(order.next);
  const ledger = createLedger();
  const people = createPeople(random, chaos.people);
  const owner = people[0] as Person;
  let calm = false;
  let calmDatabaseMs = 1;
  let databaseAway = false;
  let databaseSlow = 0;

  const start = createStart(random, owner.identity.userId, chaos.plugins);
  const projectId = start.project.id;
  const networkRandom = random.fork();
  const databaseRandom = random.fork();
  const bus = createSimulatedBus(clock, random.fork(), () =>
    calm ? { maxDelayMs: 2, duplicates: 0, loss: 0 } : chaos.bus,
  );
  const fault = (): AuthorityFault => {
    if (calm) return { latencyMs: calmDatabaseMs };
    const latencyMs = databaseRandom.between(0.2, chaos.databaseMs) + databaseSlow;
    if (databaseAway) return { latencyMs, reject: 'before' };
    if (!databaseRandom.chance(chaos.rejections)) return { latencyMs };
    return { latencyMs, reject: databaseRandom.pick(['before', 'after'] as const) };
  };
  const memory = createMemoryAuthority({
    clock,
    catalog: CATALOG,
    project: start,
    members: people.map(({ identity, role }) => ({ userId: identity.userId, role })),
    fault,
    onOperation: (seq) => bus.announce(projectId, { kind: 'ops', seq }),
    onLock: (lock) => bus.announce(projectId, { kind: 'lock', ...lock }),
    ...(protections && { protections }),
  });

  // ----------------------------------------------------------------------------------------- nodes

  const nodes = new Map<string, Node>();
  function startNode(id: string): void {
    const own = createMortalClock(clock);
    const gateway = createGateway({
      authority: memory.authority,
      bus: bus.station(id),
      verify: (token) =>
        Promise.resolve(people.find((person) => person.token === token)?.identity ?? null),
      catalog: CATALOG,
      clock: own,
      nodeId: id,
      wallClock: clock.now,
      ...(protections && { protections }),
    });
    nodes.set(id, { id, gateway, clock: own, wires: new Set() });
  }
  function crashNode(id: string): void {
    const node = nodes.get(id);
    if (!node) return;
    nodes.delete(id);
    node.clock.kill();
    bus.remove(id);
    for (const wire of node.wires) wire.serverDied();
  }
  async function stopNode(id: string): Promise<void> {
    const node = nodes.get(id);
    if (!node) return;
    nodes.delete(id);
    await node.gateway.close();
    node.clock.kill();
  }
  const nodeIds = Array.from({ length: chaos.nodes }, (_, at) => `node-${at}`);
  for (const id of nodeIds) startNode(id);

  // ----------------------------------------------------------------------------------------- pages

  const pages: Page[] = [];
  let opened = 0;
  function connect(page: PageSide): Wire {
    const id = networkRandom.pick(nodeIds);
    const wire = createWire(
      clock,
      networkRandom,
      () =>
        calm
          ? { minDelayMs: 1, maxDelayMs: 3, lossToPage: 0 }
          : { minDelayMs: 1, maxDelayMs: chaos.maxDelayMs, lossToPage: chaos.lossToPage },
      (link) => {
        const node = nodes.get(id);
        if (!node) return null;
        node.wires.add(wire);
        return node.gateway.accept(link, { address: '192.0.2.1' });
      },
      page,
    );
    return wire;
  }
  /** A page that starts from what the server has now. */
  function openPage(o: { person?: Person; session?: string } = {}): Page {
    const person = o.person ?? random.pick(mayCome());
    opened += 1;
    const page = createPage({
      name: `page ${opened}`,
      clock: createMortalClock(clock),
      random: random.fork(),
      session: o.session ?? `session-${random.uuid()}`,
      person,
      start: memory.snapshot(),
      authority: memory.authority,
      ledger,
      connect,
      trace,
      ...(protections && { protections }),
    });
    pages.push(page);
    page.room.connect();
    return page;
  }
  const here = () => pages.filter((page) => !page.gone());
  const mayCome = () => people.filter(({ identity }) => !removed.has(identity.userId));

  // ------------------------------------------------------------------------------------------ chaos

  const faultRandom = random.fork();
  const removed = new Set<string>();
  function removeMember({ identity: { userId } }: Person): void {
    removed.add(userId);
    memory.setMember(userId, null);
    bus.announce(projectId, { kind: 'access', userId });
  }
  function breakSomething(): void {
    const what = faultRandom.next();
    const page = here().length > 0 ? faultRandom.pick(here()) : null;
    const node = faultRandom.pick(nodeIds);
    const ms = faultRandom.between(200, 6000);
    if (what < 0.22) page?.wire()?.cut();
    else if (what < 0.32) page?.wire()?.fallSilent();
    else if (what < 0.4 && page) page.kill();
    else if (what < 0.47 && page) page.leave();
    else if (what < 0.55 && page) {
      // A reload: the same session, a new page.
      if (faultRandom.chance(0.5)) page.leave();
      else page.kill();
      clock.setTimer(
        () => !calm && openPage({ person: page.person, session: page.session }),
        faultRandom.between(1, 2000),
      );
    } else if (what < 0.65 && here().length < 6) openPage();
    else if (what < 0.73) {
      crashNode(node);
      clock.setTimer(() => !nodes.has(node) && startNode(node), ms);
    } else if (what < 0.77) {
      void stopNode(node);
      clock.setTimer(() => !nodes.has(node) && startNode(node), ms);
    } else if (what < 0.86) {
      bus.partition(node);
      clock.setTimer(() => bus.heal(node), ms);
    } else if (what < 0.91) {
      databaseAway = true;
      clock.setTimer(() => {
        databaseAway = false;
      }, ms);
    } else if (what < 0.97) {
      databaseSlow = faultRandom.between(100, 1500);
      clock.setTimer(() => {
        databaseSlow = 0;
      }, ms);
    } else if (what < 0.985) memory.forget(faultRandom.int(0, 20));
    else removeMember(faultRandom.pick(people.slice(1)));
  }
  function repeat(run: () => void, everyMs: number, from: ReturnType<typeof createRandom>): void {
    if (everyMs > 1e6) return;
    clock.setTimer(() => {
      if (calm) return;
      run();
      repeat(run, everyMs, from);
    }, from.between(0.2, 1.8) * everyMs);
  }

  return {
    clock,
    chaos,
    ledger,
    memory,
    here,
    openPage,
    /** How long the database takes when all is well, in ms. */
    setDatabase(ms: number): void {
      calmDatabaseMs = ms;
    },
    /** Lets everything happen that the seed holds. */
    async live(): Promise<void> {
      for (let at = 0; at < chaos.pages; at += 1) openPage();
      const acts = random.fork();
      repeat(
        () => {
          const page = here().length > 0 ? acts.pick(here()) : null;
          if (page && !page.ended()) page.act();
        },
        chaos.actEveryMs / chaos.pages,
        acts,
      );
      repeat(breakSomething, chaos.breakEveryMs, faultRandom);
      await clock.advanceAsync(chaos.chaosMs);
    },
    /** Everything works again, and all hands are off. */
    async rest(ms: number): Promise<void> {
      calm = true;
      databaseAway = false;
      databaseSlow = 0;
      for (const id of nodeIds) {
        bus.heal(id);
        if (!nodes.has(id)) startNode(id);
      }
      for (const page of here()) page.rest();
      await clock.advanceAsync(ms);
      // Who is no member any more has been sent away, and is not waited for.
      for (const page of here())
        if (page.ended() && removed.has(page.person.identity.userId)) page.kill();
    },
  };
}
export type World = ReturnType<typeof createWorld>;
