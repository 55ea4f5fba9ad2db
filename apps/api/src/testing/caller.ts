import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

export const DAW = '/api/v1/daw';

export interface Session {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user: { readonly id: string; readonly email: string };
}

type Headers = Record<string, string>;
type Send = (url: string, body?: unknown, headers?: Headers) => Promise<LightMyRequestResponse>;

/** Requests with one account's token. Addresses without a prefix are below /api/v1/daw. */
export interface Caller {
  readonly session: Session | null;
  readonly userId: string;
  readonly email: string;
  get(url: string, headers?: Headers): Promise<LightMyRequestResponse>;
  readonly post: Send;
  readonly put: Send;
  readonly patch: Send;
  delete(url: string, headers?: Headers): Promise<LightMyRequestResponse>;
  /** A new, empty project; its id. */
  createProject(name?: string): Promise<string>;
  /** A new track at the end; its id. */
  addTrack(projectId: string, body?: object): Promise<string>;
  /** A new plugin in the chain; its id. */
  addPlugin(projectId: string, trackId: string, body?: object): Promise<string>;
}

const ROOTS = /^\/(auth|api|files|healthz|readyz|metrics)|^\/plugins\/[\w.]+\//;

export function createCaller(app: FastifyInstance, session: Session | null): Caller {
  const call =
    (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string) =>
    async (body: unknown, headers: Headers = {}) =>
      app.inject({
        method,
        url: ROOTS.test(url) ? url : `${DAW}${url}`,
        headers: {
          ...(session && { authorization: `Bearer ${session.access_token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && {
          payload: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      });
  const send =
    (method: 'POST' | 'PUT' | 'PATCH'): Send =>
    (url, body, headers) =>
      call(method, url)(body, headers);
  const made = async (response: LightMyRequestResponse) => {
    if (response.statusCode !== 201) throw new Error(`${response.statusCode} ${response.body}`);
    return response.json();
  };

  const caller: Caller = {
    session,
    userId: session?.user.id ?? '',
    email: session?.user.email ?? '',
    get: (url, headers) => call('GET', url)(undefined, headers),
    delete: (url, headers) => call('DELETE', url)(undefined, headers),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    createProject: async (name = 'A project') =>
      (await made(await caller.post('/projects', { name }))).id,
    addTrack: async (projectId, body = {}) =>
      (await made(await caller.post(`/projects/${projectId}/tracks`, body))).track.id,
    addPlugin: async (projectId, trackId, body = {}) => {
      const whole = { trackId, catalogId: 'test.gain', ...body };
      return (await made(await caller.post(`/projects/${projectId}/plugins`, whole))).plugin.id;
    },
  };
  return caller;
}
