import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import type { OpenedStorage } from '@mixdown/storage';
import { createMetrics, type Metrics, type Telemetry } from '@mixdown/telemetry';
import type { LoadedCatalogs } from '@mixdown/wam-catalog/node';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Pool } from 'pg';
import { embeddedAuth } from './auth/embedded-auth.ts';
import { createVerify, supabaseTrust } from './auth/verify-token.ts';
import type { Config } from './config/config.ts';
import { watchExportQueue } from './db/queries/count-exports.ts';
import { createExportFeed } from './exports/stream/export-feed.ts';
import { originsOf } from './http/allowed-origins.ts';
import { clientErrorHandler } from './http/client-errors.ts';
import { installErrorHandler } from './http/error-handler.ts';
import { installJsonParser } from './http/json-parser.ts';
import { installNotFoundHandler } from './http/not-found-handler.ts';
import { createLimits } from './http/rate-limits.ts';
import { registerRoutes } from './http/register-routes.ts';
import { installRequestHooks, requestId, setAnswerHeaders } from './http/request-hooks.ts';
import { pagePolicy } from './http/security-headers.ts';
import { validatorCompiler } from './http/validate.ts';
import { installOpenApi } from './openapi/openapi.ts';
import { referenceRoutes } from './openapi/reference.ts';
import { installRealtime } from './realtime/install-realtime.ts';
import { DAW_ROUTES, SYSTEM_ROUTES } from './routes/index.ts';
import { downloadFiles } from './serve/download-files.ts';
import { pluginFiles } from './serve/plugin-files.ts';
import { loadWebApp } from './serve/web-app.ts';
import type { Services } from './services.ts';

export interface ServerDeps {
  readonly config: Config;
  /** Ended by whoever made it, after the server has closed. */
  readonly pool: Pool;
  readonly storage: OpenedStorage;
  readonly catalogs: Pick<LoadedCatalogs, 'catalog' | 'checkFile'>;
  readonly telemetry: Telemetry;
  readonly metrics?: Metrics;
  readonly logger?: FastifyBaseLogger;
}

/** JSON bodies are small; routes that take more say so. */
const BODY_LIMIT = 256 * 1024;
/** An address holds ids, versions and tokens: download tokens are the longest. */
const MAX_PARAM_LENGTH = 2048;

function originOf(app: FastifyInstance, config: Config): string {
  if (config.publicUrl) return config.publicUrl;
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  return `http://localhost:${port}`;
}

/** The HTTP API with the web app, ready to listen or to be injected into. Closing it does not end what it was given. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { config, pool, storage, catalogs, telemetry } = deps;
  const metrics = deps.metrics ?? createMetrics();
  const https = config.publicUrl?.startsWith('https:') ?? false;
  const app: FastifyInstance = fastify({
    ...(deps.logger && { loggerInstance: deps.logger }),
    // Our own line per answer says more, and leaves addresses out: they carry tokens.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: clientErrorHandler({ https }),
    // Addresses that cannot even be read are refused before any hook runs.
    frameworkErrors: (error, request, reply) => {
      setAnswerHeaders(request, reply, https);
      app.errorHandler(error, request, reply);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('identity', null);
  installJsonParser(app);

  const auth = config.supabase
    ? { verify: createVerify(supabaseTrust(config.supabase)), routes: null, sessions: null }
    : await embeddedAuth({
        pool,
        dataDir: config.dataDir,
        attemptsPerMinute: config.authAttemptsPerMinute,
      });
  const exportFeed = createExportFeed({
    databaseUrl: config.databaseUrl,
    onUserChange: (userId) => auth.sessions?.forgetUser(userId),
    onError: (err) => app.log.warn({ err }, 'the connection that listens for exports broke'),
  });
  app.addHook('preClose', () => exportFeed.close());
  const services: Services = {
    config,
    pool,
    storage,
    catalogs,
    telemetry,
    metrics,
    verify: auth.verify,
    exportFeed,
    publicUrl: () => originOf(app, config),
  };
  const webApp = await loadWebApp(config.webDir, pagePolicy(originsOf(config, process.env)));
  if (webApp.files === 0) app.log.warn(`the web app is not built: nothing in ${config.webDir}`);

  installRequestHooks(app, { metrics, https });
  installErrorHandler(app, telemetry);
  installNotFoundHandler(app, webApp);
  watchExportQueue(pool, metrics);
  await app.register(rateLimit, { global: false });
  await app.register(multipart, { throwFileSizeLimit: true });
  const limits = createLimits(app, config.rateLimitPerMinute);
  app.addHook('onRequest', limits.byAddress);
  await installOpenApi(app);

  await app.register(async (daw) => registerRoutes(daw, services, { routes: DAW_ROUTES, limits }), {
    prefix: '/api/v1/daw',
  });
  registerRoutes(app, services, { routes: SYSTEM_ROUTES, limits });
  if (auth.routes) await app.register(auth.routes, { prefix: '/auth/v1' });
  installRealtime(app, services);
  await app.register(pluginFiles(services));
  await app.register(downloadFiles(services));
  await app.register(referenceRoutes, { prefix: '/api/v1' });
  return app;
}
