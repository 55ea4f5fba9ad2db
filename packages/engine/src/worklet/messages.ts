import type { SourceClip } from '../processors/clip-source.ts';
import type { SlotFault } from '../processors/slot-out.ts';

export const MASTER = 'mixdown-master';
export const SOURCE = 'mixdown-source';
export const SLOT_OUT = 'mixdown-slot-out';
export const STRIP = 'mixdown-strip';

/**
 * Options of the master node, which is made first: they hold for its whole render scope. `exact` (export) leaves
 * out every fade; `play` starts at once, without a message whose arrival could depend on time.
 */
export interface MasterOptions {
  readonly chunkFrames: number;
  readonly exact: boolean;
  readonly play?: { readonly atFrame: number; readonly position: number };
  /** Inputs in the order of the tracks that they carry. */
  readonly order: readonly number[];
}

/** Main → master. */
export type MasterMessage =
  | { readonly type: 'play'; readonly atFrame: number; readonly position: number }
  | { readonly type: 'stop' }
  | {
      readonly type: 'chunk';
      readonly assetId: string;
      readonly index: number;
      readonly samples: ArrayBuffer;
    }
  | { readonly type: 'drop'; readonly assetId: string; readonly index: number }
  /** Inputs in the order of the tracks they carry. */
  | { readonly type: 'order'; readonly inputs: readonly number[] }
  /** Answered when everything posted to the master before has been done. */
  | { readonly type: 'ping'; readonly id: number };

/** Master → main. Meter values: peak left, peak right, RMS left, RMS right of each id, the master's id is `master`. */
export type MasterReply =
  | {
      readonly type: 'status';
      readonly ids: readonly string[];
      readonly values: Float32Array;
      /** Whether audio was missing since the last status. */
      readonly starved: boolean;
    }
  | { readonly type: 'pong'; readonly id: number; readonly faults: readonly SlotFaultReport[] };

export interface SlotFaultReport {
  readonly slotId: string;
  readonly fault: SlotFault;
}

export interface SourceOptions {
  readonly clips: readonly SourceClip[];
}
/** Main → source. */
export interface SourceMessage {
  readonly type: 'clips';
  readonly clips: readonly SourceClip[];
}

export interface SlotOutOptions {
  readonly slotId: string;
  readonly latencyFrames: number;
}
/** Main → slot-out: `fail` passes dry whatever the plugin does, `recover` lets it in again. */
export type SlotOutMessage = { readonly type: 'fail' } | { readonly type: 'recover' };
/** Slot-out → main. */
export interface SlotOutReply {
  readonly type: 'fault';
  readonly fault: SlotFault;
}

export interface StripOptions {
  readonly trackId: string;
  readonly delayFrames: number;
}
/** Main → strip. */
export type StripMessage =
  | { readonly type: 'delay'; readonly frames: number }
  | { readonly type: 'destroy' };

/** Any of our processors ends with this. */
export interface DestroyMessage {
  readonly type: 'destroy';
}
