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
  events: Point[];
  /** Called after every change, as a render thread may look at any time. */
  look: () => void = () => {};
  constructor(value: number) {
    this.events = [{ time: 0, value }];
  }
  setValueAtTime(value: number, time: number) {
    this.#insert({ time, value });
  }
  linearRampToValueAtTime(value: number, time: number) {
    this.#insert({ time, value });
  }
  cancelScheduledValues(time: number) {
    this.events = this.events.filter((event) => event.time < time);
    this.look();
  }
  #insert(event: Point) {
    this.events = [...this.events.filter((e) => e.time !== event.time), event];
    this.events.sort((a, b) => a.time - b.time);
    this.look();
  }
}

describe('RampedParam', () => {
  it('changes nothing before its beginning, at no moment between its calls', () => {
    fc.assert(
      fc.property(gesture, (moves) => {
        const fake = new FakeParam(0.25);
        const param = new RampedParam(fake as unknown as AudioParam, 0.25);
        let now = 1;
        for (const { after, target } of moves) {
          now += after;
          const before = fake.events;
          fake.look = () => {
            for (let i = 0; i <= 10; i++) {
              const time = now + (i / 10) * LOOKAHEAD;
              const value = valueOnLine(fake.events, time);
              expect(value).toBeCloseTo(valueOnLine(before, time), 9);
            }
          };
          const there = param.ramp(target, at(now), SECONDS);
          expect(there).toBeCloseTo(now + LOOKAHEAD + SECONDS);
          expect(valueOnLine(fake.events, there)).toBe(target);
          expect(param.target).toBe(target);
        }
      }),
    );
  });

  it('jumps when it is set', () => {
    const fake = new FakeParam(0);
    const param = new RampedParam(fake as unknown as AudioParam, 0);
    param.ramp(1, at(10), SECONDS);
    param.set(0.5, 11);
    expect(fake.events).toEqual([{ value: 0.5, time: 11 }]);
    expect(param.target).toBe(0.5);
  });
});
