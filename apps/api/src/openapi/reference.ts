import reference from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { REFERENCE_POLICY } from '../http/security-headers.ts';
import { IMMUTABLE, type StaticFile, sendStatic, staticFile } from '../serve/static-file.ts';
import { errorsPage } from './describe.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mixdown API</title>
</head>
<body><div id="app"></div><script src="viewer.js"></script><script src="start.js"></script></body>
</html>
`;

/** The viewer asks no other host for anything: no fonts, no proxy, no telemetry. */
const START = `Scalar.createApiReference('#app', ${JSON.stringify({
  url: '/api/v1/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
})});\n`;

/** The viewer's script, out of the package that carries it. */
async function viewerScript(app: FastifyInstance): Promise<Buffer> {
  const { default: fastify } = await import('fastify');
  const carrier = fastify({ logger: false });
  await carrier.register(reference, {
    routePrefix: '/viewer',
    configuration: { url: '/api/v1/openapi.json' },
  });
  const answer = await carrier.inject('/viewer/js/scalar.js');
  await carrier.close();
  if (answer.statusCode !== 200) app.log.error('the viewer of the API reference is missing');
  return answer.rawPayload;
}

/**
 * The document at `/openapi.json`, a page to read it at `/docs/`, and the list of error codes at `/errors`, below the
 * prefix under which this is registered. Scripts stand in files of their own, so that no inline script is needed.
 */
export async function referenceRoutes(app: FastifyInstance): Promise<void> {
  const hidden = { schema: { hide: true } };
  const javascript = { contentType: 'text/javascript; charset=utf-8', cacheControl: 'no-cache' };
  const start = staticFile(Buffer.from(START), javascript);
  let viewer: Promise<StaticFile> | undefined;
  let document: StaticFile | undefined;

  app.get('/openapi.json', hidden, (request, reply) => {
    document ??= staticFile(Buffer.from(JSON.stringify(app.swagger())), {
      contentType: 'application/json; charset=utf-8',
      cacheControl: 'no-cache',
    });
    return sendStatic(request, reply, document);
  });
  const page = (html: string) =>
    staticFile(Buffer.from(html), {
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'no-cache',
    });
  const docs = page(PAGE);
  const errors = page(errorsPage());
  app.get('/docs', hidden, (_request, reply) => reply.redirect('/api/v1/docs/', 308));
  app.get('/docs/', hidden, (request, reply) =>
    sendStatic(request, reply.header('content-security-policy', REFERENCE_POLICY), docs),
  );
  app.get('/docs/start.js', hidden, (request, reply) => sendStatic(request, reply, start));
  app.get('/docs/viewer.js', hidden, async (request, reply) => {
    viewer ??= viewerScript(app).then((body) =>
      staticFile(body, { ...javascript, cacheControl: IMMUTABLE.replace('31536000', '86400') }),
    );
    return sendStatic(request, reply, await viewer);
  });
  app.get('/errors', hidden, (request, reply) => sendStatic(request, reply, errors));
}
