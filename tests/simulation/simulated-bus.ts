import type { Clock } from '@mixdown/core';
import type { Bus, BusMessage } from '../../apps/api/src/realtime/bus/bus.ts';
import type { Random } from './random.ts';

export interface BusConditions {
  readonly maxDelayMs: number;
  readonly duplicates: number;
  readonly loss: number;
}

interface Station {
  readonly node: string;
  readonly hears: Map<string, Set<(message: BusMessage, from: string) => void>>;
  readonly gaps: Set<() => void>;
  cut: boolean;
}

/** Between nodes messages may be late, doubled, out of order or lost, and nodes may be cut off for a while. */
export function createSimulatedBus(clock: Clock, random: Random, conditions: () => BusConditions) {
  const stations = new Map<string, Station>();

  function deliver(to: Station, projectId: string, text: string, from: string): void {
    clock.setTimer(
      () => {
        if (to.cut || stations.get(to.node) !== to) return;
        const message = JSON.parse(text) as BusMessage;
        for (const hear of [...(to.hears.get(projectId) ?? [])]) hear(message, from);
      },
      random.between(0, conditions().maxDelayMs),
    );
  }
  function publish(projectId: string, message: BusMessage, from: string): void {
    const sender = stations.get(from);
    if (sender?.cut) return;
    const text = JSON.stringify(message);
    const { duplicates, loss } = conditions();
    for (const station of stations.values()) {
      if (station.node === from || random.chance(loss)) continue;
      deliver(station, projectId, text, from);
      if (random.chance(duplicates)) deliver(station, projectId, text, from);
    }
  }

  return {
    /** A node's own end of the bus. */
    station(node: string): Bus {
      const station: Station = { node, hears: new Map(), gaps: new Set(), cut: false };
      stations.set(node, station);
      return {
        publish(projectId, message) {
          if (stations.get(node) === station) publish(projectId, message, node);
        },
        subscribe(projectId, hear) {
          const hears = station.hears.get(projectId) ?? new Set();
          station.hears.set(projectId, hears);
          hears.add(hear);
          return () => hears.delete(hear);
        },
        onGap(run) {
          station.gaps.add(run);
          return () => station.gaps.delete(run);
        },
        async close() {
          if (stations.get(node) === station) stations.delete(node);
        },
      };
    },
    /** As from the database's triggers: to all nodes. */
    announce: (projectId: string, message: BusMessage) => publish(projectId, message, 'database'),
    remove: (node: string) => stations.delete(node),
    partition(node: string): void {
      const station = stations.get(node);
      if (station) station.cut = true;
    },
    heal(node: string): void {
      const station = stations.get(node);
      if (!station?.cut) return;
      station.cut = false;
      for (const run of [...station.gaps]) run();
    },
  };
}
export type SimulatedBus = ReturnType<typeof createSimulatedBus>;
