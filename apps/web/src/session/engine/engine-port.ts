import type { PluginFailure, ProjectSnapshot } from '@mixdown/contract';

export interface SlotStatus {
  readonly state: 'loading' | 'active' | 'bypassed' | 'missing' | 'failed' | 'crashed' | 'blocked';
  readonly failure?: PluginFailure;
  readonly title?: string;
  readonly detail?: string;
  readonly loadMs?: number;
}

export interface TransportState {
  readonly status: 'stopped' | 'starting' | 'playing' | 'buffering';
  /** Frames at the project's rate, at the time of the event. */
  readonly positionFrames: number;
}

export interface MeterReading {
  /** Linear, left and right, the highest since the last reading. */
  readonly peak: readonly [number, number];
  readonly rms: readonly [number, number];
}

/** What the session asks of the audio engine; `LiveEngine` is the one that sounds. */
export interface EnginePort {
  start(): Promise<void>;
  reconcile(snapshot: ProjectSnapshot): void;
  play(): void;
  pause(): void;
  stop(): void;
  seek(frame: number): void;
  positionFrames(): number;
  setParam(pluginId: string, paramId: string, value: number): void;
  setTrack(
    trackId: string,
    patch: { gainDb?: number; pan?: number; muted?: boolean; soloed?: boolean },
  ): void;
  setBypassed(pluginId: string, bypassed: boolean): void;
  setMix(pluginId: string, mix: number): void;
  retry(pluginId: string): void;
  meter(target: string): MeterReading;
  slotLatency(pluginId: string): number;
  dispose(): Promise<void>;
}
