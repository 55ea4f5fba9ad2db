import swagger from '@fastify/swagger';
import {
  AdminAuditEntry,
  AdminExport,
  AdminUserTotals,
  Asset,
  CatalogEntry,
  Clip,
  ExportView,
  Member,
  MyExport,
  ParameterOverlay,
  PluginLockedProblem,
  PluginSlot,
  Problem,
  Project,
  ProjectSnapshot,
  Share,
  Track,
} from '@mixdown/contract';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { VERSION } from '../version.ts';
import { DESCRIPTION } from './describe.ts';
import { type Document, finishDocument } from './finish-document.ts';

/** Schemas that the document names once and refers to. */
const NAMED = {
  AdminAuditEntry,
  AdminExport,
  AdminUserTotals,
  Asset,
  CatalogEntry,
  Clip,
  ExportView,
  Member,
  MyExport,
  ParameterOverlay,
  PluginLockedProblem,
  PluginSlot,
  Problem,
  Project,
  ProjectSnapshot,
  Share,
  Track,
};

/** What a route says about itself beyond Fastify's own schema; see `define-route.ts`. */
interface Extras {
  readonly docHeaders?: z.ZodType;
  readonly upload?: z.ZodType;
}

/** Puts the parts that are documented, but not validated by Fastify, where the document expects them. */
const transform: typeof jsonSchemaTransform = (document) => {
  const { docHeaders, upload, ...schema } = (document.schema ?? {}) as Extras & object;
  return jsonSchemaTransform({
    ...document,
    schema: {
      ...schema,
      ...(docHeaders && { headers: docHeaders }),
      ...(upload && { body: upload }),
    },
  });
};

/** Collects the routes that are registered after it into an OpenAPI 3.1 document (`app.swagger()`). */
export async function installOpenApi(app: FastifyInstance): Promise<void> {
  for (const [id, schema] of Object.entries(NAMED)) {
    if (!z.globalRegistry.get(schema)?.id) z.globalRegistry.add(schema, { id });
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mixdown API',
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This server' }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
      security: [{ bearer: [] }],
      tags: [
        'Projects',
        'Members',
        'Tracks',
        'Clips',
        'Audio',
        'Plugins',
        'Exports',
        'Shares',
        'Admin',
        'System',
      ].map((name) => ({ name })),
    },
    transform,
    transformObject: (document) => finishDocument(jsonSchemaTransformObject(document) as Document),
  });
}
