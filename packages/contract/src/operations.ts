import { z } from 'zod';
import { Id } from './ids.ts';
import { AddPlugin, ChainOrder, MovePlugin, PluginSlot, UpdatePlugin } from './plugins.ts';
import {
  Clip,
  CreateClip,
  CreateTrack,
  Track,
  UpdateClip,
  UpdateProject,
  UpdateTrack,
} from './projects.ts';

/** A slot as the log keeps it: the opaque state may be a megabyte, so the log only says whether there is one. */
export const LoggedSlot = PluginSlot.omit({ state: true }).extend({ hasState: z.boolean() });
export type LoggedSlot = z.infer<typeof LoggedSlot>;

const ParamValues = z.record(z.string(), z.number());
const order = z.array(Id);
const chains = z.array(ChainOrder);

/** What each kind of operation says in a project's log. Orders are whole, so that applying one twice changes nothing. */
export const OPERATION_PAYLOADS = {
  'project.update': z.object({ patch: UpdateProject }),
  'track.add': z.object({ track: Track, order }),
  'track.update': z.object({
    trackId: Id,
    patch: UpdateTrack.omit({ position: true }),
    order: order.optional(),
  }),
  'track.remove': z.object({ trackId: Id, order }),
  'clip.add': z.object({ clip: Clip }),
  'clip.update': z.object({ clipId: Id, patch: UpdateClip }),
  'clip.remove': z.object({ clipId: Id, trackId: Id }),
  'plugin.add': z.object({ plugin: LoggedSlot, chains }),
  'plugin.params': z.object({
    pluginId: Id,
    patch: z.object({ params: ParamValues }),
    /** Of a write under a lock: its fence and the last frame that it holds. */
    fence: z.int().optional(),
    n: z.int().optional(),
  }),
  'plugin.update': z.object({
    pluginId: Id,
    patch: z.object({
      params: ParamValues.optional(),
      bypassed: z.boolean().optional(),
      mix: z.number().optional(),
    }),
    /** The opaque state changed: whoever needs it reads the plugin. */
    stateChanged: z.boolean().optional(),
  }),
  'plugin.move': z.object({ pluginId: Id, trackId: Id, position: z.int(), chains }),
  'plugin.remove': z.object({ pluginId: Id, trackId: Id, chains }),
} as const;

export type OperationKind = keyof typeof OPERATION_PAYLOADS;
export const OPERATION_KINDS = Object.keys(OPERATION_PAYLOADS) as [
  OperationKind,
  ...OperationKind[],
];

type PayloadOf<K extends OperationKind> = z.infer<(typeof OPERATION_PAYLOADS)[K]>;

/** One entry of a project's log, in its kind's own shape. `seq` is gapless per project. */
export type Operation = {
  [K in OperationKind]: {
    readonly seq: number;
    readonly opId: string;
    readonly kind: K;
    readonly payload: PayloadOf<K>;
    /** The account that did it. */
    readonly actor: string | null;
  };
}[OperationKind];

/** What a client asks for by an `op` message: the bodies of the HTTP endpoints, with the ids of their addresses. */
export const OPERATION_REQUESTS = {
  'project.update': UpdateProject,
  'track.add': CreateTrack.required({ id: true }),
  'track.update': UpdateTrack.extend({ trackId: Id }),
  'track.remove': z.strictObject({ trackId: Id }),
  'clip.add': CreateClip.required({ id: true }),
  'clip.update': UpdateClip.extend({ clipId: Id }),
  'clip.remove': z.strictObject({ clipId: Id }),
  'plugin.add': AddPlugin.required({ id: true }),
  'plugin.update': UpdatePlugin.extend({ pluginId: Id }),
  'plugin.move': MovePlugin.extend({ pluginId: Id }),
  'plugin.remove': z.strictObject({ pluginId: Id }),
} as const;
export type RequestKind = keyof typeof OPERATION_REQUESTS;

/** A structural edit on its way: the same `opId` again is done once. */
export type OperationRequest = {
  [K in RequestKind]: {
    readonly opId: string;
    readonly kind: K;
    readonly payload: z.infer<(typeof OPERATION_REQUESTS)[K]>;
  };
}[RequestKind];
