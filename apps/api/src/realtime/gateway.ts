import type { Catalog } from '@mixdown/contract';
import { ALL_PROTECTIONS, type Clock, type Protections } from '@mixdown/core';
import type { Verify } from '../auth/verify-token.ts';
import type { Authority } from './authority.ts';
import type { Bus } from './bus/bus.ts';
import { type Connection, createConnection } from './connection.ts';
import { NO_METRICS, type RealtimeMetrics } from './gateway-metrics.ts';
import { createHalfOpen } from './half-open.ts';
import { LEASE_MS } from './hold.ts';
import { type Bucket, createBucket, createCounts, LIMITS, type Limits } from './limits.ts';
import { createRoomActs } from './room-acts.ts';
import { createRooms } from './rooms.ts';

const RENEW_MS = 4_000;
/** A renewal that failed is tried again so soon, while leases still run. */
const RENEW_RETRY_MS = 1_000;
const SWEEP_MS = 1_000;
/** How long the last writes may take when a node stops. */
const CLOSE_FLUSH_MS = 3_000;

/** A connection as the network gives it. */
export interface Link {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** What waits to be taken by the other side. */
  bufferedBytes(): number;
  /** A hand moves here: the next live value comes a tick after this one. */
  moved?(): void;
}

export interface GatewayDeps {
  readonly authority: Authority;
  readonly bus: Bus;
  readonly verify: Verify;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly limits?: Partial<Limits>;
  readonly metrics?: RealtimeMetrics;
  /** Milliseconds since 1970, for tokens' expiry alone. */
  readonly wallClock?: () => number;
  readonly log?: { warn(about: object, sentence: string): void };
  /** For the simulation alone: shows what each protection is there for. */
  readonly protections?: Partial<Protections>;
}

export interface GatewayStats {
  readonly sockets: number;
  /** Connections that have not said who they are. */
  readonly halfOpen: number;
  readonly rooms: number;
  readonly holds: number;
}

export interface Gateway {
  accept(
    link: Link,
    from: { readonly address: string },
  ): { message(text: string): void; binary(): void; closed(clean: boolean): void };
  /** Writes what is not in the log yet, and sends everybody away to come again. */
  close(): Promise<void>;
  stats(): GatewayStats;
}

/** The rooms of one node, and who comes into them. Knows time only by `clock`, the network by `Link` and `bus`. */
export function createGateway(deps: GatewayDeps): Gateway {
  const { authority, clock, bus, nodeId } = deps;
  const limits: Limits = { ...LIMITS, ...deps.limits };
  const metrics = deps.metrics ?? NO_METRICS;
  const connections = new Set<Connection>();
  const byAddress = createCounts();
  const halfOpen = createHalfOpen(limits);
  const byUser = createCounts();
  const userBuckets = new Map<string, Bucket>();
  let asks = 0;
  let closing = false;
  const timers = new Map<string, () => void>();

  const rooms = createRooms({
    authority,
    bus,
    catalog: deps.catalog,
    clock,
    metrics,
    on: { ...ALL_PROTECTIONS, ...deps.protections },
    nextAsk: () => `${nodeId}-${++asks}`,
  });
  const act = createRoomActs({ authority, metrics });

  /** Again and again; the next begins when the one before has ended. */
  function every(name: string, work: () => Promise<number>): void {
    const again = (ms: number) => {
      if (closing) return;
      timers.set(
        name,
        clock.setTimer(() => {
          void work().then(again, (error: unknown) => {
            deps.log?.warn({ err: error }, `${name} failed`);
            again(RENEW_RETRY_MS);
          });
        }, ms),
      );
    };
    again(SWEEP_MS);
  }

  every('sweeping of locks', async () => {
    rooms.sweep();
    for (const { projectId, pluginId, fence } of await authority.sweep()) {
      const free = { pluginId, fence, session: null, userId: null };
      rooms.find(projectId)?.room.learn(free);
      bus.publish(projectId, { kind: 'lock', ...free });
    }
    return SWEEP_MS;
  });

  every('renewal of locks', async () => {
    const held = rooms.all().flatMap(({ room }) =>
      room.holds
        .all()
        .filter(({ session }) => room.members.has(session))
        .map((hold) => ({ room, hold })),
    );
    if (held.length === 0) return RENEW_MS;
    const sessions = new Map(
      held.map(({ hold }) => [
        `${hold.session} ${hold.identity.userId}`,
        { session: hold.session, userId: hold.identity.userId },
      ]),
    );
    const before = clock.now();
    const renewed = await authority.renew([...sessions.values()], LEASE_MS);
    const alive = new Map(renewed.map((lock) => [`${lock.pluginId} ${lock.session}`, lock.fence]));
    for (const { room, hold } of held) {
      if (alive.get(`${hold.plugin.id} ${hold.session}`) === hold.fence) {
        room.holds.renewed(hold, before);
      } else if (room.holds.of(hold.plugin.id) === hold && !hold.closing) {
        room.holds.end(hold, 'stale_fence');
        void room.readLocks().catch(() => {});
      }
    }
    return RENEW_MS;
  });

  // What concerns somebody everywhere.
  const stopEverywhere = bus.subscribe('', (message) => {
    if (message.kind !== 'access') return;
    for (const connection of connections) {
      if (connection.userId() === message.userId) {
        void connection
          .member()
          ?.recheck()
          .catch(() => {});
      }
    }
  });

  function accept(link: Link, { address }: { readonly address: string }) {
    const full = byAddress.of(address) >= limits.socketsPerAddress;
    byAddress.add(address, 1);
    let user: string | null = null;
    const waiting = {
      address,
      silent: () => connection.silent(),
      sendAway: () => connection.close('rate_limited'),
    };
    const greet = () => halfOpen.leave(waiting);
    const connection = createConnection(link, {
      clock,
      verify: deps.verify,
      authority,
      limits,
      metrics,
      act,
      wallClock: deps.wallClock ?? Date.now,
      openRoom: rooms.open,
      admit(userId) {
        if (byUser.of(userId) >= limits.socketsPerUser) return null;
        user = userId;
        byUser.add(userId, 1);
        const bucket = userBuckets.get(userId) ?? createBucket(clock, limits.userMessages);
        userBuckets.set(userId, bucket);
        return bucket;
      },
      greeted: greet,
      ended() {
        greet();
        connections.delete(connection);
        byAddress.add(address, -1);
        if (user !== null) {
          byUser.add(user, -1);
          if (byUser.of(user) === 0) userBuckets.delete(user);
        }
        metrics.sockets(connections.size);
      },
    });
    connections.add(connection);
    metrics.sockets(connections.size);
    if (closing) connection.close('going_away');
    else if (full || !halfOpen.enter(waiting)) connection.close('rate_limited');
    return {
      message: connection.message,
      binary: connection.binary,
      closed: connection.closed,
    };
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    for (const cancel of timers.values()) cancel();
    stopEverywhere();
    const writes = rooms
      .all()
      .flatMap(({ room }) => room.holds.all().map((hold) => room.holds.flush(hold)));
    const patience = new Promise<void>((resolve) => {
      const cancel = clock.setTimer(resolve, CLOSE_FLUSH_MS);
      void Promise.allSettled(writes).then(() => {
        cancel();
        resolve();
      });
    });
    await patience;
    for (const connection of [...connections]) connection.close('going_away');
    rooms.close();
    await bus.close();
  }

  return {
    accept,
    close,
    stats: () => ({
      sockets: connections.size,
      halfOpen: halfOpen.count(),
      rooms: rooms.all().length,
      holds: rooms.all().reduce((sum, { room }) => sum + room.holds.all().length, 0),
    }),
  };
}
