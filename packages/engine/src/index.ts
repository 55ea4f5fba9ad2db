/**
 * One builder for playback and export. This entry is for pages: the plan, the live engine, the offline render.
 * Node's way to render is `@mixdown/engine/direct`.
 */
export { LiveEngine } from './live/live-engine.ts';
export type {
  FatalState,
  LiveEngineOptions,
  SlotStatus,
  TrackPatch,
  TransportState,
} from './live/types.ts';
export { type FetchChunk, type RenderOfflineOptions, renderOffline } from './offline.ts';
export {
  buildPlan,
  type PlanOptions,
  type PlanSlot,
  type PlanTrack,
  type RenderPlan,
  songLength,
} from './plan.ts';
export { probeEngine } from './probe.ts';
export type { MeterReading } from './processors/meter.ts';
export { PluginRenderError } from './render-error.ts';
