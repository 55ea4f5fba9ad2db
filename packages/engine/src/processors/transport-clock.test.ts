import { describe, expect, it } from 'vitest';
import { DECLICK_FRAMES, QUANTUM } from '../quantum.ts';
import { TransportClock } from './transport-clock.ts';

/** Quanta from `from` on, `count` of them. */
const quanta = (clock: TransportClock, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => clock.at(from + i * QUANTUM));

describe('TransportClock', () => {
  it('starts exactly at its frame, with a reset and without a fade', () => {
    const clock = new TransportClock();
    clock.play(0, 5000);
    const [first, second] = quanta(clock, 0, 2);
    expect(first).toMatchObject({ position: 5000, reset: true });
    expect(first).toMatchObject({ sourceFrom: 1, sourceTo: 1, masterFrom: 1, masterTo: 1 });
    expect(second).toMatchObject({ position: 5000 + QUANTUM, reset: false });
  });

  it('keeps in step when the message comes late', () => {
    const clock = new TransportClock();
    clock.at(0);
    clock.play(QUANTUM, 0);
    expect(clock.at(3 * QUANTUM)).toMatchObject({ position: 2 * QUANTUM, reset: true });
  });

  it('closes the master before a start, so that what still rings does not click', () => {
    const clock = new TransportClock();
    clock.at(0);
    clock.play(4 * QUANTUM, 0);
    const gains = quanta(clock, QUANTUM, 4).map((q) => [q.masterFrom, q.masterTo]);
    expect(gains).toEqual([
      [1, 1],
      [1, 0.5],
      [0.5, 0],
      [1, 1],
    ]);
  });

  it('fades the sources out at a stop and is silent afterwards', () => {
    const clock = new TransportClock();
    clock.play(0, 0);
    clock.at(0);
    clock.stop();
    const stopped = quanta(clock, QUANTUM, 3);
    expect(stopped.map((q) => q.sourceFrom)).toEqual([1, 0.5, 0]);
    expect(stopped[2]?.position).toBeNull();
    expect(DECLICK_FRAMES).toBe(2 * QUANTUM);
  });

  it('forgets a start that a stop overtook, and the other way round', () => {
    const clock = new TransportClock();
    clock.play(2 * QUANTUM, 0);
    clock.stop();
    expect(clock.at(2 * QUANTUM).position).toBeNull();
    clock.play(3 * QUANTUM, 7);
    clock.stop();
    clock.play(4 * QUANTUM, 9);
    expect(clock.at(4 * QUANTUM).position).toBe(9);
  });

  it('answers the same for the same quantum, whoever asks first', () => {
    const clock = new TransportClock();
    clock.play(0, 0);
    expect(clock.at(0)).toBe(clock.at(0));
    expect(clock.at(0).reset).toBe(true);
  });
});
