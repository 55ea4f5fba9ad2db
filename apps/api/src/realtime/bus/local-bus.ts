import type { Bus, BusMessage } from './bus.ts';

type Hear = (message: BusMessage, from: string) => void;

/** Who listens to which project, of one node. '' hears what is said to everywhere. */
export function createListeners() {
  const byProject = new Map<string, Set<Hear>>();
  return {
    add(projectId: string, hear: Hear): () => void {
      const listeners = byProject.get(projectId) ?? new Set();
      byProject.set(projectId, listeners.add(hear));
      return () => {
        listeners.delete(hear);
        if (listeners.size === 0 && byProject.get(projectId) === listeners) {
          byProject.delete(projectId);
        }
      };
    },
    has: (projectId: string) => byProject.has(projectId),
    projects: () => [...byProject.keys()],
    tell(projectId: string, message: BusMessage, from: string): void {
      for (const hear of [...(byProject.get(projectId) ?? [])]) hear(message, from);
    },
  };
}

/** One node: there is nobody else to tell. */
export function createLocalBus(): Bus {
  return {
    publish() {},
    subscribe: () => () => {},
    onGap: () => () => {},
    close: async () => {},
  };
}
