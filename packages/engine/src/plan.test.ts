import type { CatalogEntry } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan, fullParams, slotGains } from './plan.ts';
import { testId, testProject } from './testing/project.ts';

const entry = (id: string, more: Partial<CatalogEntry> = {}): CatalogEntry => ({
  id,
  name: id,
  vendor: 'Test',
  version: '1.0.0',
  category: 'utility',
  description: '',
  keywords: [],
  license: 'MIT',
  integrity: '0'.repeat(64),
  entryUrl: '',
  files: [],
  renderPath: 'direct',
  latencyFrames: {},
  maxTailSeconds: 0,
  parameters: [],
  ...more,
});
const knob = (id: string, more: Partial<CatalogEntry['parameters'][number]> = {}) => ({
  id,
  label: id,
  unit: '' as const,
  kind: 'continuous' as const,
  scale: 'linear' as const,
  min: 0,
  max: 10,
  default: 1,
  step: null,
  group: 'Main',
  ...more,
});
const WHOLE = { range: { kind: 'all' }, tail: 'auto', sampleRate: 48_000 } as const;

describe('buildPlan', () => {
  it('aligns every track with the slowest, whatever the chains', () => {
    const catalog = {
      entries: [0, 7, 64, 1000].map((frames) =>
        entry(`test.l${frames}`, { latencyFrames: { '48000': frames, '44100': 2 * frames } }),
      ),
    };
    const chain = fc.array(
      fc.record({
        catalogId: fc.constantFrom(...catalog.entries.map((e) => e.id), 'nobody.has-this'),
        bypassed: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(chain, { maxLength: 6 }), (chains) => {
        const project = testProject(
          catalog,
          chains.map((plugins) => ({ plugins })),
          { frames: 4 },
        );
        const plan = buildPlan(project.snapshot, catalog, WHOLE);
        for (const track of plan.tracks) {
          const through = track.slots.reduce((sum, slot) => sum + slot.latencyFrames, 0);
          expect(through + track.delayFrames).toBe(plan.totalLatencyFrames);
          expect(track.delayFrames).toBeGreaterThanOrEqual(0);
        }
        const missing = chains.flat().filter((p) => p.catalogId === 'nobody.has-this').length;
        expect(plan.omitted).toHaveLength(missing);
      }),
    );
  });

  it('orders tracks and chains by position and lets mute win over solo', () => {
    const catalog = { entries: [entry('test.a'), entry('test.b')] };
    const { snapshot } = testProject(catalog, [
      { position: 2, soloed: true, gainDb: 6 },
      { position: 0, soloed: true, muted: true },
      { position: 1, plugins: [{ catalogId: 'test.b' }, { catalogId: 'test.a' }] },
    ]);
    const plan = buildPlan({ ...snapshot, plugins: snapshot.plugins.toReversed() }, catalog, WHOLE);
    expect(plan.tracks.map((t) => t.trackId)).toEqual([testId(1, 1), testId(1, 2), testId(1, 0)]);
    expect(plan.tracks.map((t) => t.audible)).toEqual([false, false, true]);
    expect(plan.tracks[1]?.slots.map((s) => s.catalogId)).toEqual(['test.b', 'test.a']);
    expect(plan.tracks[2]?.gains.left).toBe(Math.fround(10 ** (6 / 20)));
  });

  it('cuts clips at the end of a range and keeps those that began before it', () => {
    const clips = [
      { startFrame: 0, lengthFrames: 500 },
      { startFrame: 450, lengthFrames: 500 },
      { startFrame: 700, lengthFrames: 10 },
    ];
    const { snapshot } = testProject({ entries: [] }, [{ clips }]);
    const range = { kind: 'frames', startFrame: 400, endFrame: 600 } as const;
    const plan = buildPlan(snapshot, { entries: [] }, { ...WHOLE, range });
    expect(plan).toMatchObject({ startFrame: 400, lengthFrames: 200 });
    expect(plan.tracks[0]?.clips.map((c) => [c.startFrame, c.lengthFrames])).toEqual([
      [0, 500],
      [450, 150],
    ]);
    expect(buildPlan(snapshot, { entries: [] }, WHOLE).lengthFrames).toBe(950);
  });

  it('adds up the tails of a chain and takes the longest that is heard', () => {
    const reverb = entry('test.reverb', { maxTailSeconds: 4 });
    const delay = entry('test.delay', {
      maxTailSeconds: 3,
      category: 'delay',
      parameters: [knob('time', { unit: 'ms', max: 5000, default: 250 })],
    });
    const catalog = { entries: [reverb, delay] };
    const both = [
      { catalogId: 'test.reverb' },
      { catalogId: 'test.delay', params: { time: 1500 } },
    ];
    const { snapshot } = testProject(catalog, [
      { plugins: both },
      { plugins: [...both, ...both], muted: true },
      { plugins: both.map((p) => ({ ...p, bypassed: true })) },
    ]);
    const plan = buildPlan(snapshot, catalog, WHOLE);
    expect(plan.maxTailFrames).toBe(7 * 48_000);
    // Half a second of quiet, and the 1.5 s in which the next echo could still come.
    expect(plan.quietWindowFrames).toBe(2 * 48_000);
    expect(buildPlan(snapshot, catalog, { ...WHOLE, tail: 'none' }).maxTailFrames).toBe(0);
    expect(buildPlan(snapshot, catalog, { ...WHOLE, tail: 2.5 }).maxTailFrames).toBe(120_000);
  });
});

describe('fullParams', () => {
  const parameters = [knob('a', { default: 0.1 }), knob('b', { min: -5, max: 5, default: 0 })];

  it('fills in defaults, holds values to the range, rounds to float32, drops what is unknown', () => {
    const full = fullParams(entry('x', { parameters }), { b: -99, c: 3 });
    expect(full).toEqual({ a: Math.fround(0.1), b: -5 });
    expect(fullParams(entry('x', { parameters }), { a: Number.NaN }).a).toBe(Math.fround(0.1));
  });
});

describe('slotGains', () => {
  it('is dry without a plugin or when bypassed, else the shares of the mix', () => {
    const e = entry('x');
    expect(slotGains({ bypassed: false, mix: 0.25, entry: e })).toEqual({ wet: 0.25, dry: 0.75 });
    expect(slotGains({ bypassed: true, mix: 0.25, entry: e })).toEqual({ wet: 0, dry: 1 });
    expect(slotGains({ bypassed: false, mix: 1, entry: null })).toEqual({ wet: 0, dry: 1 });
  });
});
