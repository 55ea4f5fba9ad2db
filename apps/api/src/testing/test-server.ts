import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TelemetryEvent } from '@mixdown/contract';
import { createTestDatabase, type TestDatabase } from '@mixdown/database/testing';
import { type FileStorage, openStorage } from '@mixdown/storage';
import { loadCatalogs } from '@mixdown/wam-catalog/node';
import type { FastifyInstance } from 'fastify';
import { type Config, readConfig } from '../config/config.ts';
import { createServer, type ServerDeps } from '../create-server.ts';
import { type Caller, createCaller } from './caller.ts';
import { writeTestCatalog } from './test-catalog.ts';

export const INDEX_HTML = `<!doctype html><title>Mixdown</title>${'<!-- page -->'.repeat(200)}`;

export interface Captured {
  readonly distinctId: string | undefined;
  readonly event: TelemetryEvent;
  readonly props: object;
}

export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** What the server was made of, for making another one. */
  readonly deps: ServerDeps;
  readonly config: Config;
  readonly db: TestDatabase;
  readonly dataDir: string;
  readonly pluginDir: string;
  readonly storage: FileStorage;
  readonly events: Captured[];
  readonly errors: unknown[];
  /** Requests without a token. */
  readonly anyone: Caller;
  /** Requests of a new account. Pros sign up, guests come in; other roles are given by the service. */
  signUp(role?: 'pro' | 'guest' | 'client' | 'admin'): Promise<Caller>;
  close(): Promise<void>;
}

/** The whole API on a database and a data folder of its own; `env` sets what a test is about. */
export async function createTestServer(env: NodeJS.ProcessEnv = {}): Promise<TestServer> {
  const db = await createTestDatabase();
  const root = await mkdtemp(path.join(tmpdir(), 'mixdown api-'));
  const [dataDir, pluginDir, webDir] = ['data', 'plugins', 'web'].map((d) =>
    path.join(root, d),
  ) as [string, string, string];
  await writeTestCatalog(pluginDir);
  await mkdir(path.join(webDir, 'assets'), { recursive: true });
  await writeFile(path.join(webDir, 'index.html'), INDEX_HTML);
  await writeFile(path.join(webDir, 'assets/app-abc123.js'), 'console.log(1);\n'.repeat(200));
  await writeFile(path.join(webDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const config = readConfig({
    DATABASE_URL: db.url,
    MIXDOWN_DATA_DIR: dataDir,
    PLUGIN_DIRS: pluginDir,
    WEB_DIR: webDir,
    ...env,
  });
  if ('problem' in config) throw new Error(config.problem);
  const storage = openStorage({}, { dataDir, publicUrl: '' }) as FileStorage;
  const events: Captured[] = [];
  const errors: unknown[] = [];
  const deps: ServerDeps = {
    config,
    pool: db.pool,
    storage,
    catalogs: await loadCatalogs([pluginDir]),
    telemetry: {
      capture: (distinctId, event, props) => void events.push({ distinctId, event, props }),
      captureError: (error) => void errors.push(error),
      flush: async () => undefined,
      close: async () => undefined,
    },
  };
  const app = await createServer(deps);
  const anyone = createCaller(app, null);

  async function signUp(role: 'pro' | 'guest' | 'client' | 'admin' = 'pro'): Promise<Caller> {
    const email = `${role}-${crypto.randomUUID()}@test.mixdown`;
    const body = role === 'guest' ? {} : { email, password: 'long enough' };
    const session = (await anyone.post('/auth/v1/signup', body)).json();
    if (role === 'pro' || role === 'guest') return createCaller(app, session);
    await db.pool.query(
      `update auth.users set raw_app_meta_data = raw_app_meta_data || $2 where id = $1`,
      [session.user.id, { daw_role: role }],
    );
    const grant = { refresh_token: session.refresh_token };
    const renewed = await anyone.post('/auth/v1/token?grant_type=refresh_token', grant);
    return createCaller(app, renewed.json());
  }

  async function close() {
    await app.close();
    await db.drop();
    await rm(root, { recursive: true });
  }
  return {
    app,
    deps,
    config,
    db,
    dataDir,
    pluginDir,
    storage,
    events,
    errors,
    anyone,
    signUp,
    close,
    [Symbol.asyncDispose]: close,
  };
}
