import { create } from 'zustand';

/** Slots that are folded up in this tab, by plugin id. */
const useCollapse = create<{ collapsed: ReadonlySet<string> }>()(() => ({ collapsed: new Set() }));

export const useIsCollapsed = (pluginId: string): boolean =>
  useCollapse((s) => s.collapsed.has(pluginId));

export const toggleCollapsed = (pluginId: string): void =>
  useCollapse.setState(({ collapsed }) => {
    const next = new Set(collapsed);
    if (!next.delete(pluginId)) next.add(pluginId);
    return { collapsed: next };
  });
