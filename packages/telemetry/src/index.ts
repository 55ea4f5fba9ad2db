/** Product events, errors and metrics: what leaves the machine, and in which words. For the page: `./browser`. */
export { createMetrics, type ExportCounts, type ExportStage, type Metrics } from './metrics.ts';
export {
  createParamChangeThrottle,
  PARAM_CHANGE_WINDOW_MS,
  type ParamChangeThrottle,
} from './param-change-throttle.ts';
export {
  type ExportFailureReport,
  type PluginFailureReport,
  reportExportFailure,
  reportPluginFailure,
} from './plugin-reports.ts';
export { redactDeep, redactText } from './redact.ts';
export { createServerTelemetry, type ServerTelemetryOptions } from './server/server-telemetry.ts';
export type { ErrorContext, Telemetry } from './telemetry.ts';
