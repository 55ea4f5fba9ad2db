import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginDrag, KNOB_TRAVEL_PX, moveDrag } from './drag.ts';
import { createGesture } from './gesture.ts';
import { valueSpec } from './value-spec.ts';

const gain = valueSpec({ label: 'Gain', unit: 'dB', min: -24, max: 24, default: 0, step: 0.1 });
const freq = valueSpec({
  label: 'Cutoff',
  unit: 'Hz',
  scale: 'log',
  min: 20,
  max: 20_000,
  default: 1000,
});
const specs = fc.constantFrom(gain, freq);
const px = fc.integer({ min: -300, max: 300 });

describe('drag', () => {
  it('covers the whole range in 200 px', () => {
    const drag = moveDrag(gain, beginDrag(gain, -24, 0), KNOB_TRAVEL_PX, { fine: false });
    expect(drag.value).toBe(24);
    expect(moveDrag(gain, beginDrag(gain, 0, 0), 50, { fine: false }).value).toBe(12);
  });
  it('is ten times finer with Shift', () =>
    expect(moveDrag(gain, beginDrag(gain, 0, 0), 50, { fine: true }).value).toBe(1.2));
  it('leaves a value alone that is merely touched, also one between the steps', () =>
    expect(moveDrag(gain, beginDrag(gain, 0.123, 7), 7, { fine: false }).value).toBe(0.123));
  it('never jumps when Shift comes or goes', () => {
    fc.assert(
      fc.property(
        specs,
        fc.array(px, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (spec, way, fine) => {
          let drag = beginDrag(spec, spec.default, 0);
          for (const at of way) drag = moveDrag(spec, drag, at, { fine });
          const switched = moveDrag(spec, drag, drag.at, { fine: !fine });
          expect(switched.value).toBe(drag.value);
          const nudged = moveDrag(spec, drag, drag.at + 1, { fine: !fine });
          expect(Math.abs(nudged.travel - drag.travel)).toBeLessThanOrEqual(
            1 / KNOB_TRAVEL_PX + 1e-12,
          );
        },
      ),
    );
  });
  it('turns round at once at an end, however far beyond the hand went', () => {
    const beyond = moveDrag(gain, beginDrag(gain, 0, 0), 900, { fine: false });
    expect(moveDrag(gain, beyond, 880, { fine: false }).value).toBeLessThan(24);
  });
  it('stays in the range', () => {
    fc.assert(
      fc.property(specs, fc.array(fc.tuple(px, fc.boolean()), { maxLength: 12 }), (spec, way) => {
        let drag = beginDrag(spec, spec.default, 0);
        for (const [at, fine] of way) {
          drag = moveDrag(spec, drag, at, { fine });
          expect(drag.value).toBeGreaterThanOrEqual(spec.min);
          expect(drag.value).toBeLessThanOrEqual(spec.max);
        }
      }),
    );
  });
});

describe('gesture', () => {
  const record = () => {
    const emitted: Array<{ value: number; final: boolean }> = [];
    const gesture = createGesture((value, o) => emitted.push({ value, ...o }));
    return { gesture, emitted };
  };

  it('says nothing for a press that moves nothing', () => {
    const { gesture, emitted } = record();
    gesture.begin('pointer', gain, 3, 100);
    gesture.move(gain, 100, { fine: false });
    gesture.end();
    expect(emitted).toEqual([]);
    expect(gesture.source()).toBeNull();
  });
  it('takes everything back on Esc', () => {
    const { gesture, emitted } = record();
    gesture.begin('pointer', gain, 3, 0);
    gesture.move(gain, 20, { fine: false });
    gesture.cancel();
    gesture.move(gain, 60, { fine: false });
    gesture.end();
    expect(emitted.at(-1)).toEqual({ value: 3, final: true });
    expect(emitted.filter((e) => e.final)).toHaveLength(1);
  });
  it('makes one step of a key that is held', () => {
    const { gesture, emitted } = record();
    for (const value of [1, 2, 3]) {
      gesture.begin('key', gain, 0);
      gesture.set(gain, value);
    }
    gesture.end();
    expect(emitted.map((e) => e.value)).toEqual([1, 2, 3, 3]);
    expect(emitted.map((e) => e.final)).toEqual([false, false, false, true]);
  });
  it('ends what another hand had begun', () => {
    const { gesture, emitted } = record();
    gesture.begin('key', gain, 0);
    gesture.set(gain, 1);
    gesture.begin('pointer', gain, 1, 0);
    expect(emitted.at(-1)).toEqual({ value: 1, final: true });
    expect(gesture.source()).toBe('pointer');
  });

  const action = fc.oneof(
    fc.record({
      kind: fc.constant('begin' as const),
      source: fc.constantFrom('pointer' as const, 'key' as const, 'wheel' as const),
    }),
    fc.record({ kind: fc.constant('move' as const), at: px }),
    fc.record({ kind: fc.constant('set' as const), value: fc.integer({ min: -24, max: 24 }) }),
    fc.record({ kind: fc.constantFrom('end' as const, 'cancel' as const) }),
  );
  it('ends every gesture that changed something with exactly one final value, and with it alone', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (script) => {
        const { gesture, emitted } = record();
        let value = 0;
        for (const act of script) {
          const before = emitted.length;
          if (act.kind === 'begin') gesture.begin(act.source, gain, value);
          else if (act.kind === 'move') gesture.move(gain, act.at, { fine: false });
          else if (act.kind === 'set') gesture.set(gain, act.value);
          else gesture[act.kind]();
          value = emitted.at(-1)?.value ?? value;
          expect(emitted.length - before).toBeLessThanOrEqual(1);
        }
        gesture.end();
        // Values under the hand never stand at the end, and no final value follows upon another one.
        expect(emitted.at(-1)?.final ?? true).toBe(true);
        emitted.forEach((e, at) => {
          if (e.final) expect(emitted[at - 1]?.final ?? true).toBe(false);
        });
      }),
    );
  });
});
