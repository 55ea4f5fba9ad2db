import {
  ERRORS,
  type ErrorCode,
  PluginLockedProblem,
  Problem,
  RefusedError,
} from '@mixdown/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asCaller } from '../db/in-transaction.ts';
import { requireProject } from '../db/queries/require-project.ts';
import type { Services } from '../services.ts';
import { authenticate, requireIdentity } from './authenticate.ts';
import type { Access, Context, Parts, ProjectAccess, Route } from './define-route.ts';
import { createLimit, type createLimits } from './rate-limits.ts';

const isProjectAccess = (access: Access): access is ProjectAccess =>
  access !== 'anyone' && access !== 'account' && access !== 'admin';

/** Refusals that follow from what a route takes and who may ask. */
function refusalsOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>(['rate_limited', ...(route.refusals ?? [])]);
  if (route.access !== 'anyone') codes.add('unauthenticated').add('token_invalid');
  if (isProjectAccess(route.access)) codes.add('not_found');
  if (isProjectAccess(route.access) && route.access !== 'member') codes.add('forbidden');
  if (route.access === 'admin') codes.add('forbidden');
  if (route.params) codes.add('not_found');
  if (route.refuseGuests) codes.add('guest_not_allowed');
  if (route.body || route.query || route.headers) codes.add('validation_failed');
  // A body is read wherever one may be sent, also where none is asked for.
  if (route.method !== 'GET') {
    codes.add('malformed_json').add('body_too_large').add('unsupported_media_type');
  }
  if ('handle' in route) codes.add('unavailable');
  return [...codes];
}

/** The refusals as OpenAPI responses, by status. */
function problemResponses(route: Route): Record<number, object> {
  const responses: Record<number, object> = {};
  for (const [status, codes] of Map.groupBy(refusalsOf(route), (code) => ERRORS[code].status)) {
    const list = codes.map((code) => `\`${code}\` ${ERRORS[code].title}`).join(' · ');
    responses[status] = {
      description: list,
      content: {
        'application/problem+json': { schema: status === 423 ? PluginLockedProblem : Problem },
      },
    };
  }
  return responses;
}

function schemaOf(route: Route) {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description && { description: route.description }),
    tags: [route.tag],
    ...(route.access === 'anyone' ? { security: [] } : {}),
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.body && { body: route.body }),
    ...(route.headers && { docHeaders: route.headers }),
    ...(route.upload && { consumes: ['multipart/form-data'], upload: route.upload }),
    response: { ...problemResponses(route), ...route.response },
  };
}

/** 404 for an address that can name nothing, before anything else is looked at. */
function refuseBadAddress(request: FastifyRequest): void {
  const error = request.validationError as { validationContext?: string } | undefined;
  if (error?.validationContext !== 'params') return;
  throw new RefusedError({ code: 'not_found', detail: 'The address names nothing that exists.' });
}

/** The token says who is an admin, and the database's functions look at it once more. */
function requireAdmin(request: FastifyRequest): void {
  if (requireIdentity(request).role === 'admin') return;
  throw new RefusedError({ code: 'forbidden', detail: 'Only admins may do this.' });
}

async function answer(
  services: Services,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  if (route.access === 'admin') requireAdmin(request);
  refuseBadAddress(request);
  const context: Context<Parts> = {
    params: request.params as never,
    query: request.query as never,
    body: request.body as never,
    identity: request.identity,
    services,
    request,
    reply,
  };
  if ('handleLong' in route) {
    if (request.validationError) throw request.validationError;
    return route.handleLong(context);
  }
  const committed: (() => void)[] = [];
  const result = await asCaller(services.pool, request.identity, async (tx) => {
    const { access } = route;
    if (isProjectAccess(access)) {
      const { projectId } = request.params as { projectId: string };
      await requireProject(tx, { projectId, access, identity: requireIdentity(request) });
    }
    if (route.refuseGuests && request.identity?.role === 'guest') {
      throw new RefusedError({ code: 'guest_not_allowed', detail: route.refuseGuests });
    }
    // Only now: who may not see a project learns nothing from how their request is judged.
    if (request.validationError) throw request.validationError;
    return route.handle({ ...context, tx, afterCommit: (act) => committed.push(act) });
  });
  for (const act of committed) act();
  return route.respond ? route.respond(result, context) : result;
}

/** Registers the routes with their limits, their checks in this order: 401, 404/403, 400, and the route's own. */
export function registerRoutes(
  app: FastifyInstance,
  services: Services,
  o: { routes: readonly Route[]; limits: ReturnType<typeof createLimits> },
): void {
  for (const route of o.routes) {
    const status = Number(Object.keys(route.response)[0] ?? 200);
    const ownLimit =
      route.perMinute !== undefined &&
      createLimit(app, {
        perMinute: route.perMinute,
        keyOf: (request) => request.identity?.userId ?? request.ip,
      });
    app.route({
      method: route.method,
      url: route.url,
      schema: schemaOf(route) as object,
      // Who validates is `answer`, after it has checked who asks.
      attachValidation: true,
      ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
      onRequest: async (request, reply) => {
        if (route.access !== 'anyone') {
          request.identity = await authenticate(services.verify, request);
          requireIdentity(request);
        }
        await o.limits.byAccount(request, reply);
        if (ownLimit) await ownLimit(request, reply);
      },
      handler: async (request, reply) => {
        const result = await answer(services, route, request, reply);
        if (reply.sent || reply.raw.headersSent || reply.raw.destroyed) return;
        if (reply.statusCode === 200) reply.code(status);
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
        return reply.send(result);
      },
    });
  }
}
