import type { PluginSlot } from '@mixdown/contract';

/**
 * A slot as the log keeps it. The opaque state may be a megabyte, which the log would keep for every edit: it only
 * says whether there is one, and whoever needs it reads the plugin.
 */
export function loggedSlot({ state, ...slot }: PluginSlot) {
  return { ...slot, hasState: state !== null };
}
