import type { Catalog, PluginFailure, Track } from '@mixdown/contract';
import type { FetchChunk } from '../offline.ts';

export interface SlotStatus {
  readonly state: 'loading' | 'active' | 'bypassed' | 'missing' | 'failed' | 'crashed' | 'blocked';
  readonly failure?: PluginFailure;
  /** In plain words, for the card that stands in the plugin's place. */
  readonly title?: string;
  readonly detail?: string;
  readonly loadMs?: number;
}

export interface TransportState {
  readonly status: 'stopped' | 'starting' | 'playing' | 'buffering';
  /** At the time of the event. */
  readonly positionFrames: number;
}

/** The engine is beyond repair; a reload of the page is the way on. */
export interface FatalState {
  readonly reason: 'audio_thread_stuck';
}

export interface LiveEngineOptions {
  readonly catalog: Catalog;
  /** Where the page serves this package's worklet module (`worklet-entry?worker&url`). */
  readonly workletUrl: string;
  /** Resolves to raw canonical audio, which the engine takes over (the buffer is transferred). */
  readonly fetchChunk: FetchChunk;
  onSlotStatus(pluginId: string, status: SlotStatus): void;
  onTransport(state: TransportState): void;
  onFatal?(state: FatalState): void;
  /** For the AudioContext, beyond the sample rate, which is the project's. */
  readonly contextOptions?: AudioContextOptions;
}

/** What may be changed on a track without a new snapshot. */
export type TrackPatch = Partial<Pick<Track, 'gainDb' | 'pan' | 'muted' | 'soloed'>>;
