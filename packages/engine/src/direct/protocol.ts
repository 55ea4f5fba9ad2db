import type { PluginFailure } from '@mixdown/contract';
import type { SourceClip } from '../processors/clip-source.ts';

/** Frames that threads render and hand over at once: 64 quanta. */
export const SEGMENT_FRAMES = 8192;

/** Segments in flight; each has its own place in the shared output. */
export const SEGMENTS_AHEAD = 3;

/** The files of one plugin version as a thread runs them. */
export interface PluginCode {
  readonly catalogId: string;
  readonly version: string;
  /** Absolute path of processor.js, whose hash has been checked. */
  readonly processor: string;
  /** dsp.wasm; null for a plugin without WebAssembly. */
  readonly wasm: Uint8Array<ArrayBuffer> | null;
}

export interface ThreadSlot {
  readonly pluginId: string;
  readonly catalogId: string;
  /** Index into `plugins`; null passes dry. */
  readonly plugin: number | null;
  readonly params: Readonly<Record<string, number>>;
  readonly gains: { readonly wet: number; readonly dry: number };
  readonly latencyFrames: number;
}

export interface ThreadTrack {
  readonly clips: readonly SourceClip[];
  readonly slots: readonly ThreadSlot[];
  readonly gains: { readonly left: number; readonly right: number };
  readonly delayFrames: number;
}

/** What a thread is started with. */
export interface ThreadSetup {
  readonly sampleRate: number;
  readonly startFrame: number;
  readonly chunkFrames: number;
  readonly plugins: readonly PluginCode[];
  readonly tracks: readonly ThreadTrack[];
  /** Float32: [segment in flight][track][side][frame]. */
  readonly output: SharedArrayBuffer;
  /** Int32: [quanta rendered, place of the plugin that runs right now or −1]. */
  readonly watch: SharedArrayBuffer;
}

export const WATCH_PROGRESS = 0;
export const WATCH_PLACE = 1;

/** A slot's number within its thread, for the watch. */
export const placeOf = (track: number, slot: number): number => track * 1024 + slot;
export const slotAt = (setup: ThreadSetup, place: number): ThreadSlot | undefined =>
  place < 0 ? undefined : setup.tracks[Math.floor(place / 1024)]?.slots[place % 1024];

export interface ChunkMessage {
  readonly assetId: string;
  readonly index: number;
  readonly samples: ArrayBuffer;
}

/** Main → thread: render one segment, with the audio that it needs beyond what the thread already has. */
export interface RenderMessage {
  readonly segment: number;
  readonly add: readonly ChunkMessage[];
  readonly drop: readonly { assetId: string; index: number }[];
}

/** Thread → main. */
export type ThreadReply =
  | { readonly type: 'rendered'; readonly segment: number }
  | {
      readonly type: 'failed';
      readonly place: number;
      readonly failure: PluginFailure;
      readonly detail: string;
    };

/** Offset, in floats, of one side of one track of one segment in the shared output. */
export const outputOffset = (
  tracks: number,
  at: { segment: number; track: number; side: 0 | 1 },
): number => (((at.segment % SEGMENTS_AHEAD) * tracks + at.track) * 2 + at.side) * SEGMENT_FRAMES;

export const outputFloats = (tracks: number): number =>
  SEGMENTS_AHEAD * tracks * 2 * SEGMENT_FRAMES;
