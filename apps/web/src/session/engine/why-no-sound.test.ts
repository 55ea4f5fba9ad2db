import type { ProjectSnapshot } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../testing/demo-snapshot.ts';
import type { SlotStatus } from './engine-port.ts';
import { createSilentEngine } from './silent-engine.ts';
import { whyNoSound } from './why-no-sound.ts';

const whole = { isSecureContext: true, AudioContext, AudioWorkletNode: {}, WebAssembly };
function AudioContext() {}

describe('a browser that cannot play', () => {
  it('is told by the part that it lacks', () => {
    expect(whyNoSound(whole)).toBeNull();
    expect(whyNoSound({ ...whole, isSecureContext: false, AudioWorkletNode: undefined })).toMatch(
      /https/,
    );
    expect(whyNoSound({ ...whole, AudioContext: undefined })).toMatch(/too old/);
    expect(whyNoSound({ ...whole, AudioWorkletNode: undefined })).toMatch(/too old/);
    expect(whyNoSound({ ...whole, WebAssembly: undefined })).toMatch(/WebAssembly/);
  });

  it('shows the project all the same, says so once for each slot, and why at every play', async () => {
    const told: [string, SlotStatus][] = [];
    const engine = createSilentEngine('too old', (id, status) => told.push([id, status]));
    const snapshot: ProjectSnapshot = demoSnapshot();
    engine.reconcile(snapshot);
    engine.reconcile(snapshot);
    expect(told.map(([id]) => id)).toEqual(snapshot.plugins.map(({ id }) => id));
    expect(told[0]?.[1]).toMatchObject({ state: 'failed', failure: 'unsupported_browser' });
    engine.seek(480);
    expect(engine.positionFrames()).toBe(480);
    await expect(engine.start()).rejects.toThrow('too old');
    await engine.dispose();
  });
});
