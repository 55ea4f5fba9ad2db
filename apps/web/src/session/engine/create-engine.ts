import type { Catalog } from '@mixdown/contract';
import { type FatalState, LiveEngine } from '@mixdown/engine';
import workletUrl from '@mixdown/engine/worklet-entry?worker&url';
import { type ProbeResult, probeBrowser } from '@mixdown/wam-host';
import type { EnginePort, SlotStatus, TransportState } from './engine-port.ts';
import probeUrl from './probe-worklet.ts?worker&url';
import { createSilentEngine } from './silent-engine.ts';
import { whyNoSound } from './why-no-sound.ts';

export interface EngineEvents {
  fetchChunk(assetId: string, startFrame: number, frames: number): Promise<ArrayBuffer>;
  onSlotStatus(pluginId: string, status: SlotStatus): void;
  onTransport(state: TransportState): void;
  onFatal(state: FatalState): void;
}

/** The engine that sounds, or, in a browser where nothing can, one that says so. */
export function createEngine(catalog: Catalog, events: EngineEvents): EnginePort {
  const why = whyNoSound();
  if (why) return createSilentEngine(why, events.onSlotStatus);
  return new LiveEngine({ catalog, workletUrl, ...events });
}

/** Whether this browser can play at all, and if not, why. */
export const probe = (): Promise<ProbeResult> =>
  probeBrowser({ module: { url: probeUrl, processor: 'mixdown-probe' } });
