import { refuse } from '@mixdown/contract';
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
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if (encoding.toLowerCase() !== 'identity') {
        return done(refuse('unsupported_media_type', 'Send the body without Content-Encoding.'));
      }
      if (body === '') return done(null, undefined);
      return parse(request, body, done);
    },
  );
}
