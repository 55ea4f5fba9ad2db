import type { EnginePort, MeterReading, SlotStatus } from './engine-port.ts';

const SILENCE: MeterReading = { peak: [0, 0], rms: [0, 0] };
const CANNOT: SlotStatus = { state: 'failed', failure: 'unsupported_browser' };

/**
 * Stands in for the engine where a browser can play nothing (`why`): the project is there to look at, to edit, to
 * share and to export, and only its sound is missing.
 */
export function createSilentEngine(
  why: string,
  onSlotStatus: (pluginId: string, status: SlotStatus) => void,
): EnginePort {
  const told = new Set<string>();
  let position = 0;
  const nothing = () => {};
  return {
    start: () => Promise.reject(new Error(why)),
    reconcile({ plugins }) {
      for (const { id } of plugins) {
        if (told.has(id)) continue;
        told.add(id);
        onSlotStatus(id, CANNOT);
      }
    },
    play: nothing,
    pause: nothing,
    stop() {
      position = 0;
    },
    seek(frame) {
      position = frame;
    },
    positionFrames: () => position,
    setParam: nothing,
    setTrack: nothing,
    setBypassed: nothing,
    setMix: nothing,
    retry: (id) => onSlotStatus(id, CANNOT),
    meter: () => SILENCE,
    slotLatency: () => 0,
    dispose: () => Promise.resolve(),
  };
}
