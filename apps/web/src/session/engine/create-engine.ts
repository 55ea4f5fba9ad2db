import type { Catalog } from '@mixdown/contract';
import { type FatalState, LiveEngine } from '@mixdown/engine';
import workletUrl from '@mixdown/engine/worklet-entry?worker&url';
import { type ProbeResult, probeBrowser } from '@mixdown/wam-host';
import type { EnginePort, SlotStatus, TransportState } from './engine-port.ts';
import probeUrl from './probe-worklet.ts?worker&url';

export interface EngineEvents {
  fetchChunk(assetId: string, startFrame: number, frames: number): Promise<ArrayBuffer>;
  onSlotStatus(pluginId: string, status: SlotStatus): void;
  onTransport(state: TransportState): void;
  onFatal(state: FatalState): void;
}

export const createEngine = (catalog: Catalog, events: EngineEvents): EnginePort =>
  new LiveEngine({ catalog, workletUrl, ...events });

/** Whether this browser can play at all, and if not, why. */
export const probe = (): Promise<ProbeResult> =>
  probeBrowser({ module: { url: probeUrl, processor: 'mixdown-probe' } });
