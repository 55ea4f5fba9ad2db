import type { FastifyInstance } from 'fastify';
import { createServer } from '../create-server.ts';
import type { Caller } from './caller.ts';
import { openSocket, type SocketClient } from './socket-client.ts';
import { createTestServer, type TestServer } from './test-server.ts';

/** A project with an owner, an editor and a client; one track with two plugins. */
export interface RoomScene {
  readonly projectId: string;
  readonly trackId: string;
  readonly pluginIds: readonly [string, string];
  readonly url: string;
}

export interface Nodes extends AsyncDisposable {
  readonly server: TestServer;
  /** As many servers on one database as were asked for. */
  readonly apps: readonly FastifyInstance[];
  readonly owner: Caller;
  readonly editor: Caller;
  readonly client: Caller;
  scene(): Promise<RoomScene>;
  /** A socket that is in the room. */
  join(
    app: FastifyInstance,
    who: Caller,
    scene: RoomScene,
    o?: { session?: string; lastSeq?: number; epoch?: number },
  ): Promise<SocketClient & { readonly h: number; readonly welcome: Awaited<Welcome> }>;
  params(pluginId: string): Promise<Record<string, number>>;
  lapse(): Promise<void>;
}
type Welcome = ReturnType<SocketClient['hello']>;

/** Servers that listen, with their people. Sockets that are still open when it ends are ended. */
export async function startNodes(count: number, env: NodeJS.ProcessEnv = {}): Promise<Nodes> {
  const server = await createTestServer(env);
  const apps = [server.app];
  while (apps.length < count) apps.push(await createServer(server.deps));
  for (const app of apps) await app.listen({ port: 0 });
  const [owner, editor, client] = [
    await server.signUp(),
    await server.signUp(),
    await server.signUp(),
  ];
  const { pool } = server.db;
  return {
    server,
    apps,
    owner,
    editor,
    client,
    async scene() {
      const projectId = await owner.createProject();
      const trackId = await owner.addTrack(projectId);
      const pluginIds = [
        await owner.addPlugin(projectId, trackId),
        await owner.addPlugin(projectId, trackId),
      ] as const;
      for (const [who, role] of [
        [editor, 'editor'],
        [client, 'client'],
      ] as const) {
        await owner.put(`/projects/${projectId}/members/${who.userId}`, { role });
      }
      return { projectId, trackId, pluginIds, url: `/projects/${projectId}` };
    },
    async join(app, who, { projectId, pluginIds }, o = {}) {
      const socket = await openSocket(app, o.session ? { session: o.session } : {});
      const { lastSeq = -1, epoch = 1 } = o;
      const welcome = await socket.hello({ who, projectId, lastSeq, epoch });
      const h = welcome.plugins.find(({ id }) => id === pluginIds[0])?.h ?? -1;
      return { ...socket, h, welcome };
    },
    async params(pluginId) {
      const { rows } = await pool.query('select params from daw_plugins where id = $1', [pluginId]);
      return rows[0]?.params;
    },
    /** Lets every lease run out, by the only clock that counts. */
    async lapse() {
      await pool.query("update daw_plugin_locks set expires_at = now() - interval '1 ms'");
    },
    async [Symbol.asyncDispose]() {
      for (const app of apps.slice(1)) await app.close();
      await server.close();
    },
  };
}

/** Takes the lock of the scene's first plugin. */
export async function hold(socket: SocketClient & { readonly h: number }): Promise<number> {
  const from = socket.heard.length;
  socket.say({ t: 'lock.acquire', h: socket.h });
  return (await socket.next('lock.ok', ({ h }) => h === socket.h, from)).f;
}
