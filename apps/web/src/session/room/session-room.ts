import type { ParamValues } from '@mixdown/contract';

/** What an open project asks of its room. */
export interface SessionRoom {
  /** Whether the durable state follows the room's operations; otherwise the answers of HTTP. */
  following(): boolean;
  /** Whether values of this plugin go through the room. */
  takes(pluginId: string): boolean;
  setParams(pluginId: string, params: ParamValues, o: { readonly final: boolean }): void;
  /** What stands on a plugin's parameters right now, as far as the room knows. */
  visible(pluginId: string): ParamValues;
  /** Who keeps us from changing a plugin, such as "Ana is editing"; null = nobody. */
  heldBy(pluginId: string): string | null;
}

/** Without a room. */
export const ALONE: SessionRoom = {
  following: () => false,
  takes: () => false,
  setParams: () => {},
  visible: () => ({}),
  heldBy: () => null,
};
