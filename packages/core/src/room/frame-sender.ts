import { type ClientMessage, type ParamValues, type RoomPlugin, TICK_MS } from '@mixdown/contract';
import type { Clock } from '../clock.ts';
import type { OwnFrames } from './own-frames.ts';
import type { Frame, ValueLayers } from './value-layers.ts';

/** Parameters per frame; the protocol takes twice as many numbers. */
const MAX_PARAMS_PER_FRAME = 128;

export interface FrameSenderDeps {
  readonly clock: Clock;
  readonly layers: ValueLayers;
  readonly own: OwnFrames;
  /** What is set between two ticks goes out at the next one. */
  readonly trailing: boolean;
  send(message: ClientMessage): void;
  /** Whether not too much waits to be sent. */
  clear(): boolean;
  /** The lock is held and the room is live. */
  mayGo(): boolean;
  /** Values of parameters that the plugin does not have. */
  unknown(params: ParamValues): void;
  /** All that was dirty is on its way. */
  sent(): void;
}

/** Sends a plugin's dirty values: the latest of each, a frame per tick, and at once where the hand is off. */
export function createFrameSender(deps: FrameSenderDeps) {
  const { clock, layers, own } = deps;
  let handle: number | null = null;
  let paramIds: readonly string[] = [];
  let indexOf = new Map<string, number>();
  let finWanted = false;
  let lastFrameAt = Number.NEGATIVE_INFINITY;
  let cancel = () => {};

  const valuesOf = (params: readonly string[]): ParamValues =>
    Object.fromEntries(params.map((param) => [param, layers.visible(param) as number]));

  function say(frame: Frame, fin: boolean): void {
    if (handle === null) return;
    const v = Object.entries(frame.params).flatMap(([param, value]) => {
      const index = indexOf.get(param);
      return index === undefined ? [] : [index, value];
    });
    const ts = Math.round(clock.now());
    const frameOf = { t: 'pf', h: handle, f: own.fence(), n: frame.n, ts, v } as const;
    deps.send(fin ? { ...frameOf, fin: 1 } : frameOf);
  }

  function pump(final: boolean): void {
    if (final) finWanted = true;
    cancel();
    if (handle === null || !deps.mayGo()) return;
    const unknown = layers.dirty().filter((param) => !indexOf.has(param));
    if (unknown.length > 0) deps.unknown(valuesOf(unknown));
    const dirty = layers.dirty();
    if (dirty.length === 0) {
      finWanted = false;
      return;
    }
    const due = lastFrameAt + TICK_MS - clock.now();
    const isDue = finWanted || due <= 0;
    if (!isDue || !deps.clear() || own.isFull()) {
      const wait = isDue ? TICK_MS : due;
      if (deps.trailing) cancel = clock.setTimer(() => pump(finWanted), wait);
      return;
    }
    lastFrameAt = clock.now();
    for (let at = 0; at < dirty.length; at += MAX_PARAMS_PER_FRAME) {
      const params = dirty.slice(at, at + MAX_PARAMS_PER_FRAME);
      const frame = own.next(valuesOf(params));
      for (const param of params) layers.sent(param, frame.n);
      say(frame, finWanted && at + params.length >= dirty.length);
    }
    finWanted = false;
    deps.sent();
  }

  return {
    handle: () => handle,
    paramAt: (index: number) => paramIds[index],
    /** Handles of a connection. */
    bind(plugin: RoomPlugin, ids: readonly string[]): void {
      handle = plugin.h;
      paramIds = ids;
      indexOf = new Map(ids.map((param, index) => [param, index]));
    },
    unbind(): void {
      handle = null;
      cancel();
    },
    pump,
    /** Everything that is not acknowledged, under its old numbers. */
    resend(): void {
      for (const frame of own.all()) say(frame, frame.n === own.lastN());
    },
    stop: () => cancel(),
  };
}
export type FrameSender = ReturnType<typeof createFrameSender>;
