import type { TelemetryProps } from '@mixdown/contract';

type ParamChanged = TelemetryProps<'plugin.param_changed'>;

/** A knob sends 25 values a second; a product event per window tells as much. */
export const PARAM_CHANGE_WINDOW_MS = 10_000;

export interface ParamChangeThrottle {
  changed(change: Omit<ParamChanged, 'changes'> & { pluginId: string }): void;
  /** Sends every count that is still waiting: at the end of a session, or when the page is hidden. */
  flush(): void;
  /** Flushes and ends its timers. */
  close(): void;
}

interface Clock {
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(timer: never): void;
}

/**
 * At most one `plugin.param_changed` per plugin, parameter and 10 s, carrying the number of changes since the last.
 * The first change opens the window; its event leaves when the window closes.
 */
export function createParamChangeThrottle(
  send: (props: ParamChanged) => void,
  clock: Clock = globalThis as unknown as Clock,
): ParamChangeThrottle {
  const open = new Map<string, { props: ParamChanged; timer: unknown }>();
  const emit = (key: string) => {
    const entry = open.get(key);
    if (!entry) return;
    open.delete(key);
    clock.clearTimeout(entry.timer as never);
    send(entry.props);
  };
  const flush = () => {
    for (const key of [...open.keys()]) emit(key);
  };
  return {
    changed({ pluginId, projectId, catalogId, paramId }) {
      const key = `${pluginId}/${paramId}`;
      const entry = open.get(key);
      if (entry) {
        entry.props = { ...entry.props, changes: entry.props.changes + 1 };
        return;
      }
      const timer = clock.setTimeout(() => emit(key), PARAM_CHANGE_WINDOW_MS);
      open.set(key, { props: { projectId, catalogId, paramId, changes: 1 }, timer });
    },
    flush,
    close: flush,
  };
}
