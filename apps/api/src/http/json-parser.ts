import type { FastifyInstance } from 'fastify';

/**
 * Reads JSON bodies: keys that reach for prototypes are refused, and an empty body is no body: clients that label
 * every POST as JSON also send it to routes that take none.
 */
export function installJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') return done(null, undefined);
      return parse(request, body, done);
    },
  );
}
