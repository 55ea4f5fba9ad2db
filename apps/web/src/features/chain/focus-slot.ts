export const slotElementId = (pluginId: string): string => `slot-${pluginId}`;

/** Gives a slot the focus and brings it into sight; null and slots that are not shown are left alone. */
export function focusSlot(pluginId: string | null): void {
  const node = pluginId ? document.getElementById(slotElementId(pluginId)) : null;
  node?.focus({ preventScroll: true });
  node?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
