import type { ParameterOverlay } from '@mixdown/contract';
import { fromNormalized, quantise } from '@mixdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferLabel, inferOverlay, lacksOverlay, presentable } from './infer-overlay.ts';

describe('labels', () => {
  it.each([
    ['/greyhole/feedback', undefined, 'Feedback'],
    ['/greyhole/feedback', '/greyhole/feedback', 'Feedback'],
    ['delay_time', undefined, 'Delay Time'],
    ['dryWet', 'dryWet', 'Dry Wet'],
    ['cutoff', 'Filter cutoff', 'Filter cutoff'],
    ['/', undefined, '/'],
  ])('%s, %s → %s', (id, label, expected) => expect(inferLabel({ id, label })).toBe(expected));
});

describe('inference', () => {
  it('takes an absurd range named bypass for a switch', () => {
    expect(inferOverlay({ id: '/fx/bypass', min: -3.4e38, max: 3.4e38, default: 0 })).toMatchObject(
      { kind: 'switch', min: 0, max: 1, default: 0, label: 'Bypass' },
    );
  });
  it('leaves a normal range named enabled alone', () =>
    expect(inferOverlay({ id: 'enabled', min: 0, max: 2, default: 1 }).kind).toBe('continuous'));
  it('makes booleans switches', () =>
    expect(inferOverlay({ id: 'sync', type: 'boolean', min: 0, max: 1, default: 1 })).toMatchObject(
      { kind: 'switch', default: 1 },
    ));
  it('keeps choices with their own range', () =>
    expect(
      inferOverlay({ id: 'mode', type: 'choice', min: 1, max: 9, default: 9, choices: ['a', 'b'] }),
    ).toMatchObject({ kind: 'choice', min: 1, max: 2, default: 2, choices: ['a', 'b'] }));
  it('scales frequencies logarithmically', () =>
    expect(inferOverlay({ id: 'cutoff', min: 20, max: 20_000, default: 800 })).toMatchObject({
      scale: 'log',
      unit: 'Hz',
    }));
  it('cannot scale a frequency that starts at zero logarithmically', () =>
    expect(inferOverlay({ id: 'freq', min: 0, max: 20_000, default: 800 }).scale).toBe('linear'));
  it('shows whole numbers as such', () =>
    expect(inferOverlay({ id: 'voices', type: 'int', min: 1, max: 8, default: 4 })).toMatchObject({
      kind: 'integer',
      step: 1,
    }));
  it('groups by the path above the name', () =>
    expect(inferOverlay({ id: '/eq/low/gain', min: -12, max: 12, default: 0 })).toMatchObject({
      group: 'Low',
      label: 'Gain',
    }));
  it('reads units', () =>
    expect(inferOverlay({ id: 'x', units: 'Decibels', min: -9, max: 9, default: 0 }).unit).toBe(
      'dB',
    ));

  it('makes something usable of whatever a plugin declares', () => {
    const wild = fc.double({ noNaN: true, noDefaultInfinity: false });
    fc.assert(
      fc.property(fc.string(), wild, wild, wild, (id, a, b, initial) => {
        const raw = { id, min: Math.min(a, b), max: Math.max(a, b), default: initial };
        const p = inferOverlay(raw);
        expect(Number.isFinite(p.min) && Number.isFinite(p.max)).toBe(true);
        expect(p.max).toBeGreaterThanOrEqual(p.min);
        expect(p.default).toBeGreaterThanOrEqual(p.min);
        expect(p.default).toBeLessThanOrEqual(p.max);
        expect(Number.isFinite(quantise(p, fromNormalized(p, 0.5)))).toBe(true);
      }),
    );
  });
});

describe('presentable', () => {
  const raw: ParameterOverlay = {
    id: 'cutoff',
    label: 'cutoff',
    unit: '',
    kind: 'continuous',
    scale: 'linear',
    min: 20,
    max: 20_000,
    default: 500,
    step: null,
    group: 'Main',
  };
  it('infers where nothing was written', () =>
    expect(presentable([raw])[0]).toMatchObject({ label: 'Cutoff', unit: 'Hz', scale: 'log' }));
  it('touches nothing as soon as something was', () => {
    const written = [raw, { ...raw, id: 'q', label: 'Resonance' }];
    expect(presentable(written)).toBe(written);
    expect(lacksOverlay([])).toBe(false);
  });
});
