/** Rendering in Node, without a browser. */

export type { AssetReader, OpenAsset } from './direct/asset-feed.ts';
export type { ResolvePluginFile } from './direct/plugin-code.ts';
export {
  type RenderDirectOptions,
  type RenderProgress,
  renderDirect,
} from './direct/render-direct.ts';
export { buildPlan, type RenderPlan } from './plan.ts';
export { PluginRenderError } from './render-error.ts';
