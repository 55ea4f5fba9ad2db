import { z } from 'zod';
import { Id, Position, Timestamp } from './ids.ts';

/** Real-unit values by parameter id. */
export const ParamValues = z.record(z.string().max(64), z.number());
export type ParamValues = z.infer<typeof ParamValues>;

/** A plugin in its slot. `state` is the plugin's own, opaque to us and kept byte for byte (base64). */
export const PluginSlot = z.object({
  id: Id,
  projectId: Id,
  trackId: Id,
  position: z.int().min(0),
  catalogId: z.string(),
  version: z.string(),
  integrity: z.string(),
  params: ParamValues,
  state: z.string().nullable(),
  bypassed: z.boolean(),
  /** Wet share, 0…1; dry share is 1 − mix. */
  mix: z.number().min(0).max(1),
  /** Grows with every change of lock holder. */
  fence: z.int().min(0),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type PluginSlot = z.infer<typeof PluginSlot>;

export const MAX_CHAIN = 16;

export const AddPlugin = z.strictObject({
  /** Client-provided so that a repeated request does not add twice. */
  id: Id.optional(),
  trackId: Id,
  catalogId: z.string().max(100),
  position: Position.optional(),
  params: ParamValues.optional(),
  bypassed: z.boolean().optional(),
  /** Default: what the catalog says of the plugin. */
  mix: z.number().min(0).max(1).optional(),
});
export type AddPlugin = z.infer<typeof AddPlugin>;

export const UpdatePlugin = z.strictObject({
  params: ParamValues.optional(),
  state: z.base64().max(1_400_000).nullable().optional(),
  bypassed: z.boolean().optional(),
  mix: z.number().min(0).max(1).optional(),
  fence: z.int().min(0).optional(),
});
export type UpdatePlugin = z.infer<typeof UpdatePlugin>;

export const MovePlugin = z.strictObject({
  position: Position,
  trackId: Id.optional(),
});
export type MovePlugin = z.infer<typeof MovePlugin>;

/** Answers to structural edits carry the whole order of the chains they touched. */
export const ChainOrder = z.object({ trackId: Id, pluginIds: z.array(Id) });
export const PluginResponse = z.object({
  plugin: PluginSlot,
  seq: z.int(),
  chains: z.array(ChainOrder),
});
export type PluginResponse = z.infer<typeof PluginResponse>;
