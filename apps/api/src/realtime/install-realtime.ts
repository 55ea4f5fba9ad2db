import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';
import { openBus } from './bus/open-bus.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createAddressOf, isOwnOrigin } from './origin.ts';
import { postgresAuthority } from './postgres-authority.ts';
import { createSocketServer } from './socket-server.ts';
import { turnClock } from './ticks.ts';

/** Mounts the rooms' sockets. They open with the server, and close before it does: written, and with a goodbye. */
export function installRealtime(app: FastifyInstance, services: Services): void {
  const { config, pool, catalogs, metrics, verify } = services;
  let stop: (() => Promise<void>) | null = null;

  app.addHook('onReady', async () => {
    const nodeId = randomUUID();
    const bus = await openBus({
      databaseUrl: config.databaseUrl,
      redisUrl: config.redisUrl,
      pool,
      nodeId,
      onError: (err) => app.log.warn({ err }, 'the connection between the nodes broke'),
    });
    const gateway: Gateway = createGateway({
      authority: postgresAuthority({ pool, catalog: catalogs.catalog }),
      bus,
      verify,
      catalog: catalogs.catalog,
      clock: turnClock,
      nodeId,
      metrics: metrics.realtime,
      log: { warn: (about, sentence) => app.log.warn(about, sentence) },
    });
    const sockets = createSocketServer({
      gateway,
      clock: turnClock,
      isAllowed: ({ headers: { origin, host } }) => isOwnOrigin({ origin, host }, config.publicUrl),
      addressOf: createAddressOf(config.trustProxy),
    });
    app.server.on('upgrade', sockets.upgrade);
    stop = async () => {
      app.server.off('upgrade', sockets.upgrade);
      await gateway.close();
      await sockets.close();
    };
  });
  app.addHook('preClose', async () => stop?.());
}
