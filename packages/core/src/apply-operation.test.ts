import {
  type Catalog,
  type Operation,
  type OperationRequest,
  type ProjectSnapshot,
  RefusedError,
} from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryProject } from '../../../tests/support/memory-project.ts';
import { applyOperation } from './apply-operation.ts';

const AT = '2026-01-25T00:00:00.000Z';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const PROJECT = id(0);

const catalog: Catalog = {
  entries: [
    {
      id: 'test.gain',
      name: 'Gain',
      vendor: 'Test',
      version: '1.0.0',
      category: 'utility',
      description: '',
      keywords: [],
      license: 'MIT',
      integrity: '',
      entryUrl: '',
      files: [],
      renderPath: 'direct',
      latencyFrames: {},
      maxTailSeconds: 0,
      parameters: ['x', 'y'].map((param) => ({
        id: param,
        label: param,
        unit: '',
        kind: 'continuous',
        scale: 'linear',
        min: 0,
        max: 100,
        default: 0,
        step: 1,
        group: 'Main',
      })),
    },
  ],
};

const empty = () =>
  createMemoryProject(catalog, {
    project: {
      id: PROJECT,
      name: 'P',
      ownerId: id(999),
      seq: 0,
      epoch: 1,
      tempo: 120,
      sampleRate: 48_000,
      isDemo: false,
      createdAt: AT,
      updatedAt: AT,
    },
    tracks: [],
    clips: [],
    plugins: [],
  });

// Few ids, so that edits meet, and also speak of what is not there any more.
const track = fc.integer({ min: 1, max: 3 }).map(id);
const plugin = fc.integer({ min: 11, max: 16 }).map(id);
const clip = fc.integer({ min: 21, max: 24 }).map(id);
const params = fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ min: 0, max: 100 }), {
  minKeys: 1,
});
const position = fc.integer({ min: 0, max: 3 });
const payloads: { [K in OperationRequest['kind']]: fc.Arbitrary<unknown> } = {
  'project.update': fc.record({ tempo: fc.integer({ min: 20, max: 400 }) }),
  'track.add': fc.record({ id: track, position }, { requiredKeys: ['id'] }),
  'track.update': fc.record(
    { trackId: track, gainDb: fc.integer({ min: -60, max: 12 }), position },
    { requiredKeys: ['trackId'] },
  ),
  'track.remove': fc.record({ trackId: track }),
  'clip.add': fc.record({
    id: clip,
    trackId: track,
    assetId: fc.constant(id(500)),
    startFrame: fc.nat(9),
  }),
  'clip.update': fc.record(
    { clipId: clip, trackId: track, startFrame: fc.nat(9) },
    { requiredKeys: ['clipId'] },
  ),
  'clip.remove': fc.record({ clipId: clip }),
  'plugin.add': fc.record(
    { id: plugin, trackId: track, catalogId: fc.constant('test.gain'), position, params },
    { requiredKeys: ['id', 'trackId', 'catalogId'] },
  ),
  'plugin.update': fc.record(
    { pluginId: plugin, params, bypassed: fc.boolean(), mix: fc.constantFrom(0, 0.5, 1) },
    { requiredKeys: ['pluginId'] },
  ),
  'plugin.move': fc.record(
    { pluginId: plugin, trackId: track, position },
    { requiredKeys: ['pluginId', 'position'] },
  ),
  'plugin.remove': fc.record({ pluginId: plugin }),
};
// Weighted towards what makes the others meaningful.
const kinds = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('track.add', 'plugin.add', 'clip.add') },
  {
    weight: 5,
    arbitrary: fc.constantFrom(...(Object.keys(payloads) as OperationRequest['kind'][])),
  },
) as fc.Arbitrary<OperationRequest['kind']>;
const request = kinds.chain((kind) =>
  payloads[kind].map((payload) => ({ kind, payload }) as OperationRequest),
);

/** What the database makes of these edits, and its log. */
function history(requests: readonly OperationRequest[]) {
  const project = empty();
  const start = project.snapshot('owner');
  const log: Operation[] = [];
  for (const [at, edit] of requests.entries()) {
    try {
      const logged = project.edit(edit);
      if (!logged) continue;
      const operation = { ...logged, seq: project.nextSeq(), opId: id(1000 + at), actor: null };
      log.push(structuredClone(operation) as Operation);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
  }
  return { start, log, end: project.snapshot('owner') };
}

const ROWS = ['tracks', 'clips', 'plugins'] as const;
const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);

/** Rows that say the same as before are the same objects. */
function expectIdentity(before: ProjectSnapshot, after: ProjectSnapshot): void {
  for (const rows of ROWS) {
    const was = new Map(before[rows].map((row) => [row.id, row] as const));
    for (const row of after[rows]) {
      const old = was.get(row.id);
      if (old && same(old, row)) expect(row).toBe(old);
    }
  }
}

describe('applyOperation', () => {
  it('from any point of the log on, and with repeats, comes to what the database has', () => {
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 5, maxLength: 60 }),
        fc.array(fc.nat(60), { maxLength: 10 }),
        (requests, repeats) => {
          const { start, log, end } = history(requests);
          let snapshot = start;
          for (const [at, operation] of log.entries()) {
            const next = applyOperation(snapshot, operation);
            expectIdentity(snapshot, next);
            snapshot = next;
            // Somebody who went away comes back with a piece of the log from further behind.
            for (const back of repeats.filter((r) => r % log.length === at))
              for (const old of log.slice(Math.max(0, at - (back % 7)), at + 1))
                expect(applyOperation(snapshot, old)).toBe(snapshot);
          }
          expect(snapshot).toEqual(end);
          // A snapshot of the middle and the rest of the log give the same.
          const middle = Math.floor(log.length / 2);
          const joined = log.slice(0, middle).reduce(applyOperation, start);
          expect(log.slice(middle).reduce(applyOperation, structuredClone(joined))).toEqual(end);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is total: what an operation speaks of may be gone', () => {
    const { start } = history([]);
    const gone: Operation[] = [
      {
        seq: 1,
        opId: id(1),
        kind: 'plugin.params',
        payload: { pluginId: id(77), patch: { params: { x: 1 } } },
        actor: null,
      },
      {
        seq: 2,
        opId: id(2),
        kind: 'clip.update',
        payload: { clipId: id(77), patch: { startFrame: 5 } },
        actor: null,
      },
    ];
    const after = gone.reduce(applyOperation, start);
    expect(after).toEqual({ ...start, project: { ...start.project, seq: 2 } });
    for (const rows of ROWS) expect(after[rows]).toEqual(start[rows]);
  });
});
