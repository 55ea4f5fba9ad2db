import type { ParamValues } from '@mixdown/contract';

type Listener = () => void;

/**
 * Live parameter values (real units) with one set of listeners per parameter, outside of React's state: a value under
 * the hand changes sixty times a second and concerns one knob.
 */
export function createParamStore() {
  const values = new Map<string, number>();
  const listeners = new Map<string, Set<Listener>>();
  const keyOf = (pluginId: string, paramId: string) => `${pluginId}/${paramId}`;

  const write = (key: string, value: number): boolean => {
    if (values.get(key) === value) return false;
    values.set(key, value);
    for (const listener of listeners.get(key) ?? []) listener();
    return true;
  };

  return {
    get: (pluginId: string, paramId: string): number | undefined =>
      values.get(keyOf(pluginId, paramId)),
    set: (pluginId: string, paramId: string, value: number): boolean =>
      write(keyOf(pluginId, paramId), value),
    /** All values of a plugin; returns the ids of those that changed. */
    setAll(pluginId: string, params: ParamValues): string[] {
      return Object.entries(params)
        .filter(([paramId, value]) => write(keyOf(pluginId, paramId), value))
        .map(([paramId]) => paramId);
    },
    subscribe(pluginId: string, paramId: string, listener: Listener): () => void {
      const key = keyOf(pluginId, paramId);
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(key);
      };
    },
    clear(): void {
      values.clear();
      for (const set of [...listeners.values()]) for (const listener of set) listener();
    },
  };
}
export type ParamStore = ReturnType<typeof createParamStore>;
