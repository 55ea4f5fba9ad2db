/** Loading and minding Web Audio Modules in a page. */
export { describeFailure, type FailureText } from './describe-failure.ts';
export {
  destroyQuietly,
  type LoadPluginOptions,
  type LoadResult,
  loadPlugin,
} from './load-plugin.ts';
export { type FileFailure, preflight } from './preflight.ts';
export { type ProbeOptions, type ProbeReason, type ProbeResult, probeBrowser } from './probe.ts';
export { installProcessorErrorHook, onProcessorError } from './processor-errors.ts';
export type { WamInstance, WamNode } from './wam-types.ts';
