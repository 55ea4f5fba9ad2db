import type { FastifyInstance } from 'fastify';
import type { WebApp } from '../serve/web-app.ts';
import { sendNoSuchRoute, sendRefusal } from './error-handler.ts';

/** Whether a route's pattern, such as /projects/:projectId, matches a path. */
const matcher = (pattern: string) =>
  new RegExp(
    `^${pattern
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.+?^$()|[\]{}\\]/g, '\\$&'),
      )
      .join('/')
      .replace('*', '.*')}$`,
  );

/** Pages of the web app; 405 with `Allow` where only the method is wrong; else 404. */
export function installNotFoundHandler(app: FastifyInstance, webApp: WebApp): void {
  const routes: { path: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: matcher(url), methods: [method].flat() });
  });
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      // A reply is thenable and comes to nothing when it has gone out: whether it was sent is a value of its own.
      if (await webApp.serve(request, reply)) return reply;
    }
    const path = request.url.split('?')[0] ?? '/';
    const methods = routes.flatMap((route) => (route.path.test(path) ? route.methods : []));
    if (methods.length === 0) return sendNoSuchRoute(request, reply);
    const allow = [...new Set(methods)].sort().join(', ');
    const detail = `${request.method} is not answered here; ${allow} are.`;
    return sendRefusal(reply.header('allow', allow), { code: 'method_not_allowed', detail });
  });
}
