import { type Refusal, refuse } from '@mixdown/contract';
import { describe, expect, it, vi } from 'vitest';
import type { Edit } from './edits/edit.ts';
import type { EnginePort } from './engine/engine-port.ts';
import { createProjectSession, LAST_CHANCE_MS } from './project-session.ts';
import type { ProjectState } from './project-state.ts';
import { createParamStore } from './stores/param-store.ts';
import { demoSnapshot, TEST_ENTRY } from './testing/demo-snapshot.ts';

const snapshot = demoSnapshot();
const [first, second] = snapshot.plugins.map((slot) => slot.id) as [string, string];
const [drums, bass] = snapshot.tracks.map((track) => track.id) as [string, string];
const cutoff = (pluginId: string, value: number): Edit => ({
  kind: 'plugin.set',
  pluginId,
  patch: { params: { cutoff: value } },
});

function setUp(o: { send?: (edit: Edit) => Promise<number | null>; known?: boolean } = {}) {
  const engine = {
    reconcile: vi.fn(),
    setParam: vi.fn(),
    setTrack: vi.fn(),
    setBypassed: vi.fn(),
    setMix: vi.fn(),
  };
  const sent: Edit[] = [];
  const states: ProjectState[] = [];
  const refused: Refusal[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const params = createParamStore();
  const session = createProjectSession({
    snapshot,
    engine: engine as unknown as EnginePort,
    params,
    entryOf: (id) => (o.known === false || id !== TEST_ENTRY.id ? undefined : TEST_ENTRY),
    send: (edit) => {
      sent.push(edit);
      return o.send?.(edit) ?? Promise.resolve(null);
    },
    onState: (state) => states.push(state),
    onSaveStatus: () => {},
    onRefused: (_edit, refusal) => refused.push(refusal),
    now: () => 0,
    setTimer: (run, ms) => {
      timers.push({ ms, run });
      return () => {};
    },
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { session, engine, sent, states, refused, timers, params, settled };
}

describe('project session', () => {
  it('keeps a parameter under the hand out of the state until the release', () => {
    const { session, states, params, engine } = setUp();
    const before = states.length;
    session.set(cutoff(first, 2000), { final: false });
    session.set(cutoff(first, 3000), { final: false });
    expect(states).toHaveLength(before);
    expect(params.get(first, 'cutoff')).toBe(3000);
    expect(engine.setParam).toHaveBeenLastCalledWith(first, 'cutoff', 3000);
    session.set(cutoff(first, 4000), { final: true });
    expect(states.at(-1)?.plugins[first]?.params.cutoff).toBe(4000);
  });

  it('undoes a whole drag in one step and redoes it', async () => {
    const { session, sent, params, settled } = setUp();
    for (const value of [1100, 1200, 1300]) session.set(cutoff(first, value), { final: false });
    session.set(cutoff(first, 1400), { final: true });
    expect(session.historyLabels().undo).toBe('Cutoff of Filter');
    expect(session.undo()).toBe('Cutoff of Filter');
    expect(params.get(first, 'cutoff')).toBe(1000);
    expect(session.undo()).toBeNull();
    expect(session.redo()).toBe('Cutoff of Filter');
    expect(params.get(first, 'cutoff')).toBe(1400);
    await settled();
    expect(sent.at(-1)).toEqual(cutoff(first, 1400));
  });

  it('leaves nothing to undo after a drag that came back to its start', () => {
    const { session } = setUp();
    session.set(cutoff(first, 5000), { final: false });
    session.set(cutoff(first, 1000), { final: true });
    expect(session.historyLabels().undo).toBeNull();
  });

  it('keeps a value under the hand while another edit is made', () => {
    const { session, params } = setUp();
    session.set(cutoff(first, 5000), { final: false });
    session.perform([{ kind: 'plugin.remove', pluginId: second, trackId: drums }]);
    expect(params.get(first, 'cutoff')).toBe(5000);
    session.set(cutoff(first, 6000), { final: true });
    session.undo();
    expect(params.get(first, 'cutoff')).toBe(1000);
    session.undo();
    expect(session.state().chains[drums]).toEqual([first, second]);
  });

  it('brings a deleted track back with clips, plugins, values and place', () => {
    const { session, engine } = setUp();
    const before = session.state();
    const contents = [first, second, snapshot.clips[0]?.id ?? ''];
    session.perform([{ kind: 'track.remove', trackId: drums, contents }]);
    expect(session.state().trackOrder).not.toContain(drums);
    session.undo();
    expect(session.state()).toEqual(before);
    expect(engine.reconcile.mock.lastCall?.[0].tracks[0].id).toBe(drums);
  });

  it('takes a refused edit back and keeps what was done since', async () => {
    const { session, refused, settled } = setUp({
      send: (edit) =>
        edit.kind === 'plugin.move'
          ? Promise.reject(refuse('plugin_locked', 'Ana'))
          : Promise.resolve(null),
    });
    const move = { kind: 'plugin.move', pluginId: first, fromTrackId: drums } as const;
    session.perform([{ ...move, trackId: bass, position: 0 }]);
    session.set({ kind: 'track.set', trackId: bass, patch: { gainDb: -3 } }, { final: true });
    expect(session.state().chains[bass]?.[0]).toBe(first);
    await settled();
    expect(refused.map((refusal) => refusal.code)).toEqual(['plugin_locked']);
    expect(session.state().chains[drums]).toEqual([first, second]);
    expect(session.state().tracks[bass]?.gainDb).toBe(-3);
    expect(session.historyLabels().undo).toBe('level of Bass');
  });

  it('offers a toast’s undo once, whatever was done since', () => {
    const { session } = setUp();
    const step = session.perform([{ kind: 'plugin.remove', pluginId: first, trackId: drums }]);
    session.set({ kind: 'track.set', trackId: bass, patch: { pan: 1 } }, { final: true });
    expect(session.undoStep(step)).toBe('remove Filter');
    expect(session.undoStep(step)).toBeNull();
    expect(session.state().chains[drums]).toEqual([first, second]);
    expect(session.state().tracks[bass]?.pan).toBe(1);
  });

  it('waits before removing what the server could not take back, and sends nothing if undone', async () => {
    const { session, sent, timers, settled } = setUp({ known: false });
    session.perform([{ kind: 'plugin.remove', pluginId: first, trackId: drums }]);
    expect(session.state().chains[drums]).toEqual([second]);
    expect(timers.map((timer) => timer.ms)).toEqual([LAST_CHANCE_MS]);
    session.undo();
    await settled();
    expect(sent).toEqual([]);
    expect(session.state().chains[drums]).toEqual([first, second]);
  });

  it('fills in defaults for parameters that were never touched', () => {
    const bare = {
      ...snapshot,
      plugins: snapshot.plugins.map((slot) => ({ ...slot, params: {} })),
    };
    const session = createProjectSession({
      snapshot: bare,
      engine: { reconcile() {}, setParam() {} } as unknown as EnginePort,
      params: createParamStore(),
      entryOf: () => TEST_ENTRY,
      send: () => Promise.resolve(null),
      onState() {},
      onSaveStatus() {},
      onRefused() {},
      now: () => 0,
      setTimer: () => () => {},
    });
    expect(session.state().plugins[first]?.params).toEqual({ cutoff: 1000 });
  });

  it('takes over a newer state of the server, but never over edits that it may not hold', async () => {
    const { session, settled } = setUp();
    const renamed = { ...snapshot, project: { ...snapshot.project, name: 'By Ana' } };
    const before = session.changes();
    session.set({ kind: 'track.set', trackId: bass, patch: { pan: 1 } }, { final: true });
    expect(session.rebase(renamed, before)).toBe(false);
    expect(session.rebase(renamed, session.changes())).toBe(false);
    await settled();
    expect(session.rebase(renamed, before)).toBe(false);
    expect(session.rebase(renamed, session.changes())).toBe(true);
    expect(session.state().project.name).toBe('By Ana');
  });
});
