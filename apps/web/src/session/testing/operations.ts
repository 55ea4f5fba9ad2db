import { type Operation, TRACK_COLORS } from '@mixdown/contract';
import fc from 'fast-check';
import { normalise, type ProjectState } from '../project-state.ts';
import { demoSnapshot } from './demo-snapshot.ts';

const initial = normalise(demoSnapshot());
const newId = (n: number) => `00000007-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What somebody does: given the state before it, the operation that the server logs of it. */
export type Step = (state: ProjectState, seq: number) => Operation;

const anyTrack = fc.constantFrom(...initial.trackOrder, newId(1), 'gone');
const anyPlugin = fc.constantFrom(...Object.keys(initial.plugins), newId(2), 'gone');
const anyClip = fc.constantFrom(...Object.keys(initial.clips), newId(3), 'gone');
const nat = fc.nat(5);

type Body = Pick<Operation, 'kind' | 'payload'>;
const stepOf = <T>(values: fc.Arbitrary<T>, body: (v: T, state: ProjectState) => Body) =>
  values.map(
    (v): Step =>
      (state, seq) =>
        ({ seq, opId: newId(100 + seq), actor: null, ...body(v, state) }) as Operation,
  );

const chainOf = (state: ProjectState, trackId: string) => state.chains[trackId] ?? [];
const insert = (ids: readonly string[], id: string, at: number) => ids.toSpliced(at, 0, id);

/** Operations of every kind, on things that are there and on things that are gone. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  stepOf(fc.integer({ min: 20, max: 400 }), (tempo) => ({
    kind: 'project.update',
    payload: { patch: { tempo } },
  })),
  stepOf(fc.record({ n: nat, color: fc.constantFrom(...TRACK_COLORS) }), ({ n, color }, state) => {
    const order = insert(
      state.trackOrder.filter((id) => id !== newId(1)),
      newId(1),
      n,
    );
    const template = Object.values(initial.tracks)[0] as (typeof initial.tracks)[string];
    const track = { ...template, id: newId(1), color, position: order.indexOf(newId(1)) };
    return { kind: 'track.add', payload: { track, order } };
  }),
  stepOf(
    fc.record({ trackId: anyTrack, gainDb: fc.integer({ min: -60, max: 12 }), n: nat }),
    ({ trackId, gainDb, n }, state) => {
      const others = state.trackOrder.filter((id) => id !== trackId);
      const order = state.tracks[trackId] ? insert(others, trackId, n) : undefined;
      return {
        kind: 'track.update',
        payload: { trackId, patch: { gainDb }, ...(n < 3 && order && { order }) },
      };
    },
  ),
  stepOf(anyTrack, (trackId, state) => ({
    kind: 'track.remove',
    payload: { trackId, order: state.trackOrder.filter((id) => id !== trackId) },
  })),
  stepOf(fc.record({ trackId: anyTrack, start: nat }), ({ trackId, start }, state) => ({
    kind: 'clip.add',
    payload: {
      clip: {
        ...(Object.values(initial.clips)[0] as (typeof initial.clips)[string]),
        id: newId(3),
        trackId: state.tracks[trackId] ? trackId : (state.trackOrder[0] ?? 'none'),
        startFrame: start,
      },
    },
  })),
  stepOf(fc.record({ clipId: anyClip, startFrame: nat }), ({ clipId, startFrame }) => ({
    kind: 'clip.update',
    payload: { clipId, patch: { startFrame } },
  })),
  stepOf(anyClip, (clipId) => ({ kind: 'clip.remove', payload: { clipId, trackId: 'any' } })),
  stepOf(fc.record({ at: nat, which: nat }), ({ at, which }, state) => {
    const trackId = state.trackOrder[which % Math.max(1, state.trackOrder.length)] ?? '';
    const template = Object.values(initial.plugins)[0] as (typeof initial.plugins)[string];
    const { state: _opaque, ...slot } = template;
    if (!state.tracks[trackId] || state.plugins[newId(2)])
      return { kind: 'plugin.params', payload: { pluginId: 'gone', patch: { params: {} } } };
    const pluginIds = insert(chainOf(state, trackId), newId(2), at);
    const position = pluginIds.indexOf(newId(2));
    const plugin = { ...slot, id: newId(2), trackId, position, hasState: false };
    return { kind: 'plugin.add', payload: { plugin, chains: [{ trackId, pluginIds }] } };
  }),
  stepOf(fc.record({ pluginId: anyPlugin, cutoff: nat }), ({ pluginId, cutoff }) => ({
    kind: 'plugin.params',
    payload: { pluginId, patch: { params: { cutoff } } },
  })),
  stepOf(
    fc.record({ pluginId: anyPlugin, bypassed: fc.boolean(), mix: fc.constantFrom(0, 0.5, 1) }),
    ({ pluginId, bypassed, mix }) => ({
      kind: 'plugin.update',
      payload: { pluginId, patch: { bypassed, mix, params: { cutoff: 40 } } },
    }),
  ),
  stepOf(
    fc.record({ pluginId: anyPlugin, trackId: anyTrack, n: nat }),
    ({ pluginId, trackId, n }, state) => {
      const slot = state.plugins[pluginId];
      if (!slot || !state.tracks[trackId])
        return { kind: 'plugin.move', payload: { pluginId, trackId, position: n, chains: [] } };
      const others = (id: string) => chainOf(state, id).filter((other) => other !== pluginId);
      const to = { trackId, pluginIds: insert(others(trackId), pluginId, n) };
      const from = { trackId: slot.trackId, pluginIds: others(slot.trackId) };
      const chains = slot.trackId === trackId ? [to] : [from, to];
      return { kind: 'plugin.move', payload: { pluginId, trackId, position: n, chains } };
    },
  ),
  stepOf(anyPlugin, (pluginId, state) => {
    const trackId = state.plugins[pluginId]?.trackId ?? initial.trackOrder[0] ?? '';
    const pluginIds = chainOf(state, trackId).filter((id) => id !== pluginId);
    return {
      kind: 'plugin.remove',
      payload: { pluginId, trackId, chains: [{ trackId, pluginIds }] },
    };
  }),
);
