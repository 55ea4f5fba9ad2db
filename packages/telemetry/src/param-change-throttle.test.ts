import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createParamChangeThrottle, PARAM_CHANGE_WINDOW_MS } from './param-change-throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const change = (pluginId: string, paramId: string) => ({
  pluginId,
  paramId,
  projectId: 'p',
  catalogId: 'c',
});

describe('createParamChangeThrottle', () => {
  it('counts a gesture into one event when the window closes', () => {
    const send = vi.fn();
    const throttle = createParamChangeThrottle(send);
    for (let i = 0; i < 100; i++) throttle.changed(change('a', 'gain'));
    expect(send).not.toHaveBeenCalled();
    vi.advanceTimersByTime(PARAM_CHANGE_WINDOW_MS);
    expect(send.mock.calls).toEqual([
      [{ projectId: 'p', catalogId: 'c', paramId: 'gain', changes: 100 }],
    ]);
  });

  it('sends what waits on flush, once', () => {
    const send = vi.fn();
    const throttle = createParamChangeThrottle(send);
    throttle.changed(change('a', 'gain'));
    throttle.changed(change('b', 'gain'));
    throttle.flush();
    throttle.close();
    vi.advanceTimersByTime(10 * PARAM_CHANGE_WINDOW_MS);
    expect(send).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('loses no change and keeps the pace, whatever is turned when', () => {
    const step = fc.record({
      plugin: fc.constantFrom('a', 'b'),
      param: fc.constantFrom('x', 'y'),
      wait: fc.nat(6000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sent: { key: string; at: number; changes: number }[] = [];
        let key = '';
        const throttle = createParamChangeThrottle((props) => {
          key = props.paramId;
          sent.push({ key, at: Date.now(), changes: props.changes });
        });
        for (const { plugin, param, wait } of steps) {
          throttle.changed(change(plugin, `${plugin}${param}`));
          vi.advanceTimersByTime(wait);
        }
        const beforeFlush = sent.length;
        throttle.close();
        expect(sent.reduce((sum, { changes }) => sum + changes, 0)).toBe(steps.length);
        for (const name of ['ax', 'ay', 'bx', 'by']) {
          const times = sent
            .slice(0, beforeFlush)
            .filter((s) => s.key === name)
            .map((s) => s.at);
          for (let i = 1; i < times.length; i++) {
            expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(
              PARAM_CHANGE_WINDOW_MS,
            );
          }
        }
      }),
    );
  });
});
