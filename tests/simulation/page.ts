import { isDeepStrictEqual } from 'node:util';
import {
  type Operation,
  type OperationRequest,
  type ProjectSnapshot,
  RefusedError,
} from '@mixdown/contract';
import {
  applyOperation,
  type Clock,
  createRoom,
  type EndReason,
  type Protections,
  RoomNotLive,
  type RoomStatus,
} from '@mixdown/core';
import type { Authority } from '../../apps/api/src/realtime/authority.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { PARAMETERS, PARAMS, type Person } from './scene.ts';
import type { PageSide, Wire } from './wire.ts';

/** An edit over HTTP that found no database is tried again after so long, in ms. */
const HTTP_RETRY_MS = 400;

export interface PageDeps {
  readonly name: string;
  readonly clock: Clock & { kill(): void; alive(): boolean };
  readonly random: Random;
  readonly session: string;
  readonly person: Person;
  readonly start: ProjectSnapshot;
  readonly authority: Authority;
  readonly ledger: Ledger;
  readonly protections?: Partial<Protections>;
  connect(page: PageSide): Wire;
  /** Everything that is said, for looking into one run. */
  readonly trace?: ((line: string) => void) | undefined;
}

/** Fields that no operation speaks of. */
const comparable = (snapshot: ProjectSnapshot) => ({
  ...snapshot,
  role: null,
  project: { ...snapshot.project, updatedAt: '' },
  plugins: snapshot.plugins.map((plugin) => ({ ...plugin, fence: 0, updatedAt: '' })),
});
export const isSameProject = (a: ProjectSnapshot, b: ProjectSnapshot): boolean =>
  isDeepStrictEqual(comparable(a), comparable(b));

/** One open page: a room, the document it keeps by the log, and a person's hands. */
export function createPage(deps: PageDeps) {
  const { clock, random, ledger, session } = deps;
  let document = deps.start;
  let wire: Wire | null = null;
  let ended: EndReason | null = null;
  let left = false;
  let present: readonly string[] = [];
  /** Parameters under the hand right now. */
  const hand = new Set<string>();
  /** The latest value that this page has set, by plugin and parameter: stored in the end, or reported as dropped. */
  const latest = new Map<string, number>();
  /** What was last shown of others' values, to see that time does not run backwards. */
  const shown = new Map<string, { f: number; n: number }>();
  const key = (pluginId: string, param: string) => `${pluginId}/${param}`;
  const forget = (pluginId: string) => {
    for (const param of PARAMS) shown.delete(key(pluginId, param));
  };

  const room = createRoom({
    projectId: deps.start.project.id,
    session,
    clock,
    random: random.next,
    connect(events) {
      const made = deps.connect({
        open: events.open,
        message(text) {
          if (!clock.alive()) return;
          // Whoever has been away may have to start again further back.
          if (text.startsWith('{"t":"welcome"')) {
            shown.clear();
            ledger.counts.resyncs += 1;
          }
          deps.trace?.(`${Math.round(clock.now())} ${deps.name} < ${text}`);
          events.message(text);
        },
        closed(code, clean) {
          if (clock.alive()) events.closed(code, clean);
        },
      });
      wire = made;
      return {
        ...made.socket,
        send(text) {
          if (text.startsWith('{"t":"pf"')) {
            const { f, n, v } = JSON.parse(text) as { f: number; n: number; v: number[] };
            for (let at = 1; at < v.length; at += 2) ledger.left(v[at] as number, f, n);
          }
          deps.trace?.(`${Math.round(clock.now())} ${deps.name} > ${text}`);
          made.socket.send(text);
        },
      };
    },
    token: () => Promise.resolve(deps.person.token),
    wallClock: clock.now,
    start: {
      epoch: deps.start.project.epoch,
      seq: deps.start.project.seq,
      plugins: deps.start.plugins,
    },
    parameterOf: (_catalogId, paramId) => PARAMETERS.get(paramId),
    ...(deps.protections && { protections: deps.protections }),
    events: {
      status(_status: RoomStatus, reason) {
        if (reason) ended = reason;
      },
      operation(operation: Operation) {
        if (operation.seq !== document.project.seq + 1)
          violate(`operation ${operation.seq} came after ${document.project.seq}`);
        document = applyOperation(document, operation);
      },
      snapshot(snapshot) {
        document = snapshot;
      },
      values(pluginId, params, cause) {
        for (const [param, value] of Object.entries(params)) {
          const at = key(pluginId, param);
          if (cause === 'reverted') {
            shown.delete(at);
            continue;
          }
          if (hand.has(at)) violate(`${at} jumped to ${value} under the hand (${cause})`);
          const origin = ledger.originOf(value);
          const before = shown.get(at);
          if (origin && before && origin.f === before.f && origin.n < before.n)
            violate(`${at} went back from frame ${before.n} to ${origin.n} of fence ${origin.f}`);
          if (origin) shown.set(at, origin);
        }
      },
      lock(pluginId, lock) {
        forget(pluginId);
        // Somebody else's from now on: a hand that is still on it is not heeded.
        if (lock && !lock.mine) for (const param of PARAMS) hand.delete(key(pluginId, param));
      },
      moving() {},
      asked(pluginId, by) {
        const answer = random.next();
        clock.setTimer(
          () => {
            if (answer < 0.4) room.answer(pluginId, by.session, true);
            else if (answer < 0.7) room.answer(pluginId, by.session, false);
          },
          random.between(50, 4000),
        );
      },
      kept() {},
      presence(people) {
        present = people.map((person) => `${person.session}:${person.state}`).sort();
      },
      dropped({ pluginId, params, why }) {
        ledger.counts.dropped += 1;
        if (why === 'invalid') violate(`valid values were refused: ${JSON.stringify(params)}`);
        for (const [param, value] of Object.entries(params)) {
          const at = key(pluginId, param);
          hand.delete(at);
          if (latest.get(at) === value) latest.delete(at);
        }
      },
      lockRefused() {},
      unsaved() {},
    },
  });

  function violate(what: string): void {
    ledger.violate(`${deps.name}: ${what}`);
  }

  const pluginIds = () => document.plugins.map(({ id }) => id);

  /** A drag: values in quick succession, and at the end the hand is off, which not every control says. */
  function gesture(pluginId: string): void {
    const params = random.chance(0.3) ? PARAMS.slice(0, 2) : [random.pick(PARAMS)];
    if (params.some((param) => hand.has(key(pluginId, param)))) return;
    ledger.counts.gestures += 1;
    let left = random.chance(0.3) ? 1 : random.int(2, 25);
    const pause = random.between(4, 70);
    const says = random.chance(0.75);
    for (const param of params) hand.add(key(pluginId, param));
    const step = () => {
      const held = params.filter((param) => hand.has(key(pluginId, param)));
      // Taken away from under the hand.
      if (held.length === 0 || ended || room.status() === 'ended') return;
      left -= 1;
      const values = Object.fromEntries(held.map((param) => [param, ledger.nextValue()]));
      for (const [param, value] of Object.entries(values)) latest.set(key(pluginId, param), value);
      ledger.counts.values += held.length;
      if (left <= 0) for (const param of held) hand.delete(key(pluginId, param));
      room.setParams(pluginId, values, { final: left <= 0 && says });
      if (left > 0) clock.setTimer(step, pause);
    };
    step();
  }

  /** Over HTTP, with the same id: until there is an answer. */
  async function overHttp(request: OperationRequest): Promise<void> {
    while (clock.alive()) {
      try {
        const answer = await deps.authority.perform(deps.person.identity, document.project.id, {
          ...request,
          session,
        });
        if ('refusal' in answer) ledger.counts.refused += 1;
        else ledger.answered(request.opId, answer);
        return;
      } catch {
        await new Promise<void>((resolve) => void clock.setTimer(resolve, HTTP_RETRY_MS));
      }
    }
  }
  async function perform(request: OperationRequest): Promise<void> {
    ledger.counts.operations += 1;
    try {
      ledger.answered(request.opId, await room.perform(request));
    } catch (error) {
      const unknown =
        error instanceof RoomNotLive ||
        (error instanceof RefusedError && error.refusal.code === 'unavailable');
      if (unknown) await overHttp(request);
      else if (error instanceof RefusedError) ledger.counts.refused += 1;
      else throw error;
    }
  }

  function edit(): void {
    const { tracks, clips, plugins } = document;
    const opId = random.uuid();
    const plugin = plugins.length > 0 ? random.pick(plugins) : null;
    const track = tracks.length > 0 ? random.pick(tracks) : null;
    const clip = clips.length > 0 ? random.pick(clips) : null;
    const say = (request: Omit<OperationRequest, 'opId'>) =>
      void perform({ opId, ...request } as OperationRequest);
    const what = random.next();
    if (what < 0.1) say({ kind: 'project.update', payload: { tempo: random.int(20, 400) } });
    else if (what < 0.18 && tracks.length < 5)
      say({ kind: 'track.add', payload: { id: random.uuid(), position: 0 } });
    else if (what < 0.3 && track)
      say({
        kind: 'track.update',
        payload: {
          trackId: track.id,
          gainDb: random.int(-60, 12),
          ...(random.chance(0.5) && { position: random.int(0, tracks.length - 1) }),
        },
      });
    else if (what < 0.33 && track && tracks.length > 2)
      say({ kind: 'track.remove', payload: { trackId: track.id } });
    else if (what < 0.43 && track && clips.length < 6)
      say({
        kind: 'clip.add',
        payload: {
          id: random.uuid(),
          trackId: track.id,
          assetId: random.uuid(),
          startFrame: random.int(0, 1000),
        },
      });
    else if (what < 0.5 && clip)
      say({ kind: 'clip.update', payload: { clipId: clip.id, startFrame: random.int(0, 1000) } });
    else if (what < 0.54 && clip) say({ kind: 'clip.remove', payload: { clipId: clip.id } });
    else if (what < 0.7 && track && plugins.length < 8) {
      const id = random.uuid();
      say({ kind: 'plugin.add', payload: { id, trackId: track.id, catalogId: 'sim.knobs' } });
      // The page shows it at once, and a hand may be quicker than the server.
      if (random.chance(0.4)) gesture(id);
    } else if (what < 0.82 && plugin)
      say({
        kind: 'plugin.update',
        payload: { pluginId: plugin.id, bypassed: random.chance(0.5), mix: random.int(0, 4) / 4 },
      });
    else if (what < 0.92 && plugin && track)
      say({
        kind: 'plugin.move',
        payload: { pluginId: plugin.id, trackId: track.id, position: 0 },
      });
    else if (plugin && plugins.length > 3)
      say({ kind: 'plugin.remove', payload: { pluginId: plugin.id } });
  }

  /** One thing that somebody does. */
  function act(): void {
    const ids = pluginIds();
    const what = random.next();
    if (ids.length === 0 || what > 0.86) {
      edit();
      return;
    }
    const pluginId = random.pick(ids);
    if (what < 0.6) gesture(pluginId);
    else if (what < 0.64) room.acquire(pluginId);
    else if (what < 0.71) room.release(pluginId);
    else if (what < 0.77) room.request(pluginId);
    else if (what < 0.81 && deps.person.role === 'owner') room.force(pluginId);
    else room.look({ trackId: null, pluginId, paramId: null });
  }

  /** What was acknowledged is owed whatever becomes of this page; the rest goes with it. */
  function settle(): void {
    const mine = room.mine();
    for (const [at, value] of latest) {
      const [pluginId = '', param = ''] = at.split('/');
      if (mine.get(pluginId)?.[param] !== value) ledger.owe(value, `${deps.name}: ${at}`);
    }
    latest.clear();
  }

  return {
    name: deps.name,
    session,
    person: deps.person,
    room,
    act,
    document: () => document,
    ended: () => ended,
    gone: () => left || !clock.alive(),
    present: () => present,
    wire: () => wire,
    /** The hands come off: whatever they were at is final. */
    rest(): void {
      for (const at of [...hand]) {
        const [pluginId = '', param = ''] = at.split('/');
        const value = ledger.nextValue();
        latest.set(at, value);
        hand.delete(at);
        room.setParams(pluginId, { [param]: value }, { final: true });
      }
    },
    /** The page is closed as pages are. */
    leave(): void {
      settle();
      left = true;
      room.leave();
      clock.kill();
    },
    /** The page's process ends without a word. */
    kill(): void {
      settle();
      clock.kill();
      wire?.abandon();
    },
    /** All of its latest values are owed now. */
    oweAll(): void {
      for (const [at, value] of latest) {
        const [pluginId = ''] = at.split('/');
        if (document.plugins.some(({ id }) => id === pluginId))
          ledger.owe(value, `${deps.name}: ${at}`);
      }
    },
  };
}
export type Page = ReturnType<typeof createPage>;
