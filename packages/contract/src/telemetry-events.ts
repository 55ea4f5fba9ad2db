import { z } from 'zod';

const ids = { projectId: z.string() };

/** Product events by name. Values of parameters, names people typed and tokens never belong here. */
export const TELEMETRY_EVENTS = {
  'plugin.loaded': z.object({
    ...ids,
    catalogId: z.string(),
    version: z.string(),
    loadMs: z.number(),
  }),
  'plugin.load_failed': z.object({
    ...ids,
    catalogId: z.string(),
    version: z.string(),
    reason: z.string(),
  }),
  'plugin.added': z.object({ ...ids, catalogId: z.string(), position: z.number() }),
  'plugin.removed': z.object({ ...ids, catalogId: z.string() }),
  'plugin.param_changed': z.object({
    ...ids,
    catalogId: z.string(),
    paramId: z.string(),
    changes: z.number(),
  }),
  'plugin.reordered': z.object({ ...ids, catalogId: z.string(), from: z.number(), to: z.number() }),
  'export.started': z.object({ ...ids, exportId: z.string(), format: z.string() }),
  'export.completed': z.object({
    ...ids,
    exportId: z.string(),
    format: z.string(),
    durationSeconds: z.number(),
    /** null: an identical earlier export's file was taken over. */
    renderSeconds: z.number().nullable(),
    bytes: z.number(),
  }),
  'export.failed': z.object({
    ...ids,
    exportId: z.string(),
    format: z.string(),
    code: z.string(),
    attempt: z.number(),
  }),
} as const;
export type TelemetryEvent = keyof typeof TELEMETRY_EVENTS;
export type TelemetryProps<E extends TelemetryEvent> = z.infer<(typeof TELEMETRY_EVENTS)[E]>;
