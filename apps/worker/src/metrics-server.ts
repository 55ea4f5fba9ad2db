import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '@mixdown/telemetry';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `GET /metrics` for Prometheus and `GET /healthz` for whoever keeps the process running. */
export async function startMetricsServer(port: number, metrics: Metrics): Promise<MetricsServer> {
  const server = createServer(async (req, res) => {
    if (req.url === '/healthz') return void res.end('ok\n');
    if (req.url !== '/metrics') return void res.writeHead(404).end();
    const { contentType, body } = await metrics.render();
    res.setHeader('content-type', contentType).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
