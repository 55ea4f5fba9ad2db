import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, toSnapshot } from '../project-state.ts';
import { demoSnapshot } from '../testing/demo-snapshot.ts';
import { applyEdit } from './apply.ts';
import type { Edit } from './edit.ts';
import { invertEdit } from './invert.ts';
import { mergeEdits, touches } from './touches.ts';

const initial = normalise(demoSnapshot());
const tracks = initial.trackOrder;
const clipIds = Object.keys(initial.clips);
const pluginIds = Object.keys(initial.plugins);
const anyTrack = fc.constantFrom(...tracks, 'gone');
const anyPlugin = fc.constantFrom(...pluginIds, 'gone');
const anyClip = fc.constantFrom(...clipIds, 'gone');
const position = fc.integer({ min: 0, max: 6 });

/** Edits as somebody could make them in `state`; fast-check chooses which. */
const anyEdit: fc.Arbitrary<(state: typeof initial) => Edit> = fc.oneof(
  fc.record({ tempo: fc.integer({ min: 20, max: 400 }) }).map((patch) => () => ({
    kind: 'project.set' as const,
    patch,
  })),
  fc.record({ trackId: anyTrack, gainDb: fc.integer({ min: -60, max: 12 }) }).map((v) => () => ({
    kind: 'track.set' as const,
    trackId: v.trackId,
    patch: { gainDb: v.gainDb },
  })),
  fc
    .record({ trackId: anyTrack, position })
    .map((v) => (): Edit => ({ kind: 'track.move', ...v, position: Math.min(v.position, 2) })),
  anyTrack.map((trackId) => (state: typeof initial): Edit => {
    const rows = [...Object.values(state.clips), ...Object.values(state.plugins)];
    const contents = rows.filter((row) => row.trackId === trackId).map((row) => row.id);
    return { kind: 'track.remove', trackId, contents };
  }),
  anyClip.map((clipId) => (): Edit => ({ kind: 'clip.remove', clipId })),
  fc.record({ clipId: anyClip, startFrame: fc.nat(100_000) }).map(
    (v) => (): Edit => ({
      kind: 'clip.set',
      clipId: v.clipId,
      patch: { startFrame: v.startFrame },
    }),
  ),
  anyPlugin.map(
    (pluginId) =>
      (state: typeof initial): Edit => ({
        kind: 'plugin.remove',
        pluginId,
        trackId: state.plugins[pluginId]?.trackId ?? 'gone',
      }),
  ),
  fc.record({ pluginId: anyPlugin, cutoff: fc.nat(20_000), bypassed: fc.boolean() }).map(
    (v) => (): Edit => ({
      kind: 'plugin.set',
      pluginId: v.pluginId,
      patch: { params: { cutoff: v.cutoff }, bypassed: v.bypassed },
    }),
  ),
  fc.record({ pluginId: anyPlugin, trackId: fc.constantFrom(...tracks), position }).map(
    (v) =>
      (state: typeof initial): Edit => ({
        kind: 'plugin.move',
        pluginId: v.pluginId,
        fromTrackId: state.plugins[v.pluginId]?.trackId ?? 'gone',
        trackId: v.trackId,
        position: v.position,
      }),
  ),
);

/** Row orders inside of the records do not matter. */
const shape = (state: typeof initial) => {
  const snapshot = toSnapshot(state);
  return { ...snapshot, clips: [...snapshot.clips].sort((a, b) => (a.id < b.id ? -1 : 1)) };
};

describe('a whole track on its way', () => {
  it('never shows half of itself: what is there already is kept, the rest is added', () => {
    const [track] = initial.trackOrder as [string];
    const remove = { kind: 'track.remove', trackId: track, contents: [] } as const;
    const add = invertEdit(initial, remove) as Extract<Edit, { kind: 'track.add' }>;
    const gone = applyEdit(initial, remove);
    const { whole } = add;
    // As the server's log brings it: the bare track first, then one of its plugins.
    const bare = { track: { ...whole.track, gainDb: 0 }, clips: [], plugins: [] };
    const half = applyEdit(gone, { kind: 'track.add', whole: bare });
    const more = applyEdit(half, {
      kind: 'plugin.add',
      slot: { ...(whole.plugins[1] as (typeof whole.plugins)[0]), position: 0 },
    });
    // Positions follow the orders.
    for (const state of [gone, half, more])
      expect(normalise(toSnapshot(applyEdit(state, add)))).toEqual(initial);
  });
});

describe('edits', () => {
  it('are taken back exactly by their inverse, in any order of work', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 12 }), (makers) => {
        let state = initial;
        const undo: { edit: Edit; before: typeof initial }[] = [];
        for (const make of makers) {
          const edit = make(state);
          const inverse = invertEdit(state, edit);
          if (inverse) undo.push({ edit: inverse, before: state });
          state = applyEdit(state, edit);
        }
        for (const { edit, before } of undo.reverse()) {
          state = applyEdit(state, edit);
          expect(shape(state)).toEqual(shape(before));
        }
        expect(shape(state)).toEqual(shape(initial));
      }),
    );
  });

  it('never leave a chain with a gap, a stranger or a plugin in two places', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 20 }), (makers) => {
        const state = makers.reduce((s, make) => applyEdit(s, make(s)), initial);
        const chained = Object.entries(state.chains).flatMap(([trackId, ids]) =>
          ids.map((id) => [id, trackId]),
        );
        const owned = Object.values(state.plugins).map((slot) => [slot.id, slot.trackId]);
        expect(chained.sort()).toEqual(owned.sort());
        expect([...state.trackOrder].sort()).toEqual(Object.keys(state.tracks).sort());
      }),
    );
  });

  it('may be applied in either order when they touch different things', () => {
    fc.assert(
      fc.property(anyEdit, anyEdit, (makeA, makeB) => {
        const a = makeA(initial);
        const b = makeB(initial);
        fc.pre(!touches(a).some((key) => touches(b).includes(key)));
        const ab = applyEdit(applyEdit(initial, a), b);
        const ba = applyEdit(applyEdit(initial, b), a);
        expect(shape(ab)).toEqual(shape(ba));
      }),
    );
  });

  it('merged do what both did one after the other', () => {
    fc.assert(
      fc.property(anyEdit, anyEdit, (makeA, makeB) => {
        const a = makeA(initial);
        const b = makeB(initial);
        const merged = mergeEdits(a, b);
        fc.pre(merged !== null);
        const expected = applyEdit(applyEdit(initial, a), b);
        expect(shape(applyEdit(initial, merged as Edit))).toEqual(shape(expected));
      }),
    );
  });
});
