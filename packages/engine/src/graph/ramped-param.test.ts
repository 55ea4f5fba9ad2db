import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Point, RampedParam, retarget, valueOnLine } from './ramped-param.ts';

const SECONDS = 0.06;
const LOOKAHEAD = 0.02;
const at = (now: number) => ({ now, begin: now + LOOKAHEAD });
const gesture = fc.array(
  fc.record({
    after: fc.double({ min: 0, max: 0.2, noNaN: true }),
    target: fc.double({ min: -1, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('retarget', () => {
  it('never changes what may have been rendered, never steps, and arrives', () => {
    fc.assert(
      fc.property(gesture, (moves) => {
        let points: Point[] = [{ time: 0, value: 0 }];
        let now = 0;
        for (const { after, target } of moves) {
          now += after;
          const next = retarget(points, at(now), { target, seconds: SECONDS });
          for (let i = 0; i <= 10; i++) {
            const time = now + (i / 10) * LOOKAHEAD;
            expect(valueOnLine(next, time)).toBeCloseTo(valueOnLine(points, time), 9);
          }
          expect(next.map((p) => p.time)).toEqual(next.map((p) => p.time).sort((a, b) => a - b));
          expect(valueOnLine(next, now + LOOKAHEAD + SECONDS)).toBe(target);
          points = next;
        }
      }),
    );
  });
});

/** An AudioParam that keeps its list of events as the specification says. */
class FakeParam {
  events: { kind: 'set' | 'ramp'; value: number; time: number }[] = [];
  setValueAtTime(value: number, time: number) {
    this.events.push({ kind: 'set', value, time });
  }
  linearRampToValueAtTime(value: number, time: number) {
    this.events.push({ kind: 'ramp', value, time });
  }
  cancelScheduledValues(time: number) {
    this.events = this.events.filter((event) => event.time < time);
  }
}

describe('RampedParam', () => {
  it('anchors every ramp at the value it has, and jumps without one', () => {
    const fake = new FakeParam();
    const param = new RampedParam(fake as unknown as AudioParam, 0.25);
    const there = param.ramp(1, at(10), SECONDS);
    expect(there).toBeCloseTo(10 + LOOKAHEAD + SECONDS);
    expect(fake.events[0]).toEqual({ kind: 'set', value: 0.25, time: 10 });
    expect(fake.events.at(-1)).toMatchObject({ kind: 'ramp', value: 1 });
    expect(param.target).toBe(1);
    param.set(0, 11);
    expect(fake.events).toEqual([{ kind: 'set', value: 0, time: 11 }]);
  });
});
