import type { Operation, ParamValues } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Edit } from '../edits/edit.ts';
import type { EnginePort } from '../engine/engine-port.ts';
import { createProjectSession } from '../project-session.ts';
import { normalise, toSnapshot } from '../project-state.ts';
import { createParamStore } from '../stores/param-store.ts';
import { demoSnapshot, TEST_ENTRY } from '../testing/demo-snapshot.ts';
import { anyStep } from '../testing/operations.ts';
import { applyOperation } from './apply-operation.ts';

const snapshot = demoSnapshot();
const [first, second] = snapshot.plugins.map((slot) => slot.id) as [string, string];
const [drums, bass] = snapshot.tracks.map((track) => track.id) as [string, string];
const cutoff = (pluginId: string, value: number): Edit => ({
  kind: 'plugin.set',
  pluginId,
  patch: { params: { cutoff: value } },
});
const gain = (gainDb: number): Edit => ({ kind: 'track.set', trackId: bass, patch: { gainDb } });

function setUp() {
  const engine = {
    reconcile: vi.fn(),
    setParam: vi.fn(),
    setTrack: vi.fn(),
    setBypassed: vi.fn(),
    setMix: vi.fn(),
  };
  const params = createParamStore();
  const sent: { edit: Edit; done(seq: number | null): Promise<void> }[] = [];
  const mine = new Map<string, ParamValues>();
  const room = { following: true, held: new Map<string, string>(), finals: 0 };
  const incomplete = vi.fn();
  const timers: (() => void)[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const session = createProjectSession({
    snapshot,
    engine: engine as unknown as EnginePort,
    params,
    room: {
      following: () => room.following,
      takes: () => room.following,
      setParams(id, values, { final }) {
        mine.set(id, { ...mine.get(id), ...values });
        if (final) room.finals += 1;
      },
      visible: (id) => mine.get(id) ?? {},
      heldBy: (id) => room.held.get(id) ?? null,
    },
    entryOf: (id) => (id === TEST_ENTRY.id ? TEST_ENTRY : undefined),
    send: (edit) =>
      new Promise((resolve) => {
        sent.push({
          edit,
          done(seq) {
            resolve(seq);
            return settled();
          },
        });
      }),
    onState: () => {},
    onSaveStatus: () => {},
    onRefused: () => {},
    onIncomplete: incomplete,
    now: () => 0,
    setTimer(run) {
      timers.push(run);
      return () => {};
    },
  });
  const op = (body: Pick<Operation, 'kind' | 'payload'>) => {
    const seq = session.seq() + 1;
    session.operation({ seq, opId: `op-${seq}`, actor: 'ana', ...body } as Operation);
  };
  const setGain = (trackId: string, gainDb: number) =>
    op({ kind: 'track.update', payload: { trackId, patch: { gainDb } } });
  return { session, engine, params, sent, mine, room, incomplete, op, setGain, timers };
}

describe('a project in its room', () => {
  it('keeps what the server has done on the screen until its operation comes', async () => {
    const { session, sent, setGain } = setUp();
    session.set(gain(-3), { final: true });
    await sent[0]?.done(9);
    expect(session.pending()).toEqual([]);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    setGain(drums, 2);
    expect(session.seq()).toBe(8);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    setGain(bass, -3);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    setGain(bass, 5);
    expect(session.state().tracks[bass]?.gainDb).toBe(5);
  });

  it('shows what came last where the answer is later than the operations', async () => {
    const { session, sent, setGain } = setUp();
    session.set(gain(-3), { final: true });
    setGain(bass, -3);
    setGain(bass, 5);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    await sent[0]?.done(8);
    expect(session.state().tracks[bass]?.gainDb).toBe(5);
  });

  it('does not let a value jump under the hand', async () => {
    const { session, sent, setGain } = setUp();
    session.set(gain(-3), { final: false });
    await sent[0]?.done(8);
    setGain(bass, -3);
    setGain(bass, 5);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    session.set(gain(-4), { final: true });
    expect(session.state().tracks[bass]?.gainDb).toBe(-4);
  });

  it('sends parameters through the room alone, one step to undo per drag', () => {
    const { session, sent, mine, room, params } = setUp();
    for (const value of [1100, 1200]) session.set(cutoff(first, value), { final: false });
    session.set(cutoff(first, 1400), { final: true });
    expect(sent).toEqual([]);
    expect(mine.get(first)).toEqual({ cutoff: 1400 });
    expect(room.finals).toBe(1);
    expect(session.undo()).toBe('Cutoff of Filter');
    expect(params.get(first, 'cutoff')).toBe(1000);
    expect(mine.get(first)).toEqual({ cutoff: 1000 });
    expect(session.undo()).toBeNull();
  });

  it('brings others’ values to knob and engine, and their operation into the state', () => {
    const { session, engine, params, mine, op, timers } = setUp();
    mine.set(first, { cutoff: 2500 });
    engine.reconcile.mockClear();
    session.values(first, { cutoff: 2500 });
    expect(params.get(first, 'cutoff')).toBe(2500);
    expect(engine.setParam).toHaveBeenLastCalledWith(first, 'cutoff', 2500);
    op({
      kind: 'plugin.params',
      payload: { pluginId: first, patch: { params: { cutoff: 2500 } } },
    });
    expect(session.state().plugins[first]?.params.cutoff).toBe(2500);
    // Forty times a second: the graph follows a little later.
    expect(engine.reconcile).not.toHaveBeenCalled();
    timers.at(-1)?.();
    expect(engine.reconcile.mock.lastCall?.[0].plugins[0].params.cutoff).toBe(2500);
  });

  it('takes back what was dropped, and the step to undo with it', () => {
    const { session, mine, params } = setUp();
    session.set(cutoff(first, 3000), { final: true });
    mine.set(first, { cutoff: 800 });
    session.dropped(first, { cutoff: 3000 });
    expect(params.get(first, 'cutoff')).toBe(800);
    expect(session.historyLabels().undo).toBeNull();
    session.set(cutoff(second, 3000), { final: true });
    session.set(cutoff(first, 3000), { final: false });
    session.dropped(first, { cutoff: 3000 });
    expect(session.historyLabels().undo).toBe('Cutoff of Filter');
    expect(session.undo()).toBe('Cutoff of Filter');
    expect(params.get(second, 'cutoff')).toBe(1000);
  });

  it('undoes nothing that somebody holds, keeps the step and says who', () => {
    const { session, room } = setUp();
    session.set(cutoff(first, 3000), { final: true });
    room.held.set(first, 'Ana is editing');
    expect(session.undo()).toBeNull();
    expect(session.blocked('undo')).toEqual({ label: 'Cutoff of Filter', why: 'Ana is editing' });
    room.held.clear();
    expect(session.undo()).toBe('Cutoff of Filter');
  });

  it('forgets steps whose target is gone, and undoes the one before', () => {
    const { session, op } = setUp();
    session.set(gain(-9), { final: true });
    session.set(cutoff(first, 3000), { final: true });
    const chains = [{ trackId: drums, pluginIds: [second] }];
    op({ kind: 'plugin.remove', payload: { pluginId: first, trackId: drums, chains } });
    expect(session.undo()).toBe('level of Bass');
    expect(session.state().tracks[bass]?.gainDb).toBe(0);
  });

  it('goes on over HTTP with what was confirmed, and with what the room could not send', async () => {
    const { session, sent, room, mine } = setUp();
    session.set(gain(-3), { final: true });
    await sent[0]?.done(99);
    session.set(cutoff(first, 3000), { final: true });
    room.following = false;
    mine.clear();
    session.unfollow([{ pluginId: first, params: { cutoff: 3000 } }]);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    expect(session.state().plugins[first]?.params.cutoff).toBe(3000);
    expect(sent.at(-1)?.edit).toEqual(cutoff(first, 3000));
    await sent.at(-1)?.done(100);
    expect(session.state().plugins[first]?.params.cutoff).toBe(3000);
  });

  it('reads again what the log does not carry', () => {
    const { session, op, incomplete } = setUp();
    const clip = {
      ...(snapshot.clips[0] as (typeof snapshot.clips)[0]),
      id: 'new',
      assetId: 'asset',
    };
    op({ kind: 'clip.add', payload: { clip } });
    expect(incomplete).toHaveBeenCalledTimes(1);
    const asset = { ...(snapshot.assets[0] as (typeof snapshot.assets)[0]), id: 'asset' };
    const plugins = snapshot.plugins.map((slot) => ({ ...slot, state: 'AAAA' }));
    session.complete({ ...snapshot, assets: [asset], plugins });
    expect(session.state().assets.asset?.id).toBe('asset');
    expect(session.state().plugins[first]?.state).toBe('AAAA');
    expect(session.state().clips.new?.assetId).toBe('asset');
  });

  it('stands where the log stands once everything of ours is in it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyStep, fc.integer({ min: -60, max: 12 })), { maxLength: 20 }),
        async (steps) => {
          const { session, sent } = setUp();
          let server = normalise(snapshot);
          const log = (op: Operation) => {
            server = applyOperation(server, op);
            session.operation(op);
          };
          for (const step of steps) {
            const seq = server.project.seq + 1;
            if (typeof step === 'function') log(step(server, seq));
            else if (session.state().tracks[bass]) {
              session.set(gain(step), { final: true });
              const patch = { gainDb: step };
              const payload = { trackId: bass, patch };
              if (step % 2) await sent.at(-1)?.done(seq);
              log({ seq, opId: `own-${seq}`, actor: 'me', kind: 'track.update', payload });
              if (!(step % 2)) await sent.at(-1)?.done(seq);
            }
          }
          expect(normalise(toSnapshot(session.state()))).toEqual(normalise(toSnapshot(server)));
        },
      ),
    ));
});
