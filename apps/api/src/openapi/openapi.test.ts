import { ERRORS, PluginLockedProblem, Problem } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../http/define-route.ts';
import { DAW_ROUTES, SYSTEM_ROUTES } from '../routes/index.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { EXAMPLES } from './examples.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: { examples?: object[]; $ref?: string } }> };
  responses: Record<
    string,
    {
      description: string;
      headers?: object;
      content?: Record<string, { examples?: Record<string, { value: unknown }> }>;
    }
  >;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
}

let server: TestServer;
let document: Document;
beforeAll(async () => {
  server = await createTestServer();
  document = (await server.anyone.get('/api/v1/openapi.json')).json();
});
afterAll(() => server.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
const braces = (url: string) => url.replaceAll(/:(\w+)/g, '{$1}');
function operationOf(route: Route): Operation {
  const url = SYSTEM_ROUTES.includes(route) ? route.url : `/api/v1/daw${braces(route.url)}`;
  return document.paths[url]?.[route.method.toLowerCase()] as Operation;
}

describe('the OpenAPI document', () => {
  it('is 3.1 and lists exactly the routes that there are', () => {
    expect(document.openapi).toBe('3.1.0');
    const listed = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    const routes = [
      ...DAW_ROUTES.map((r) => `${r.method} /api/v1/daw${braces(r.url)}`),
      ...SYSTEM_ROUTES.map((r) => `${r.method} ${r.url}`),
    ];
    expect(listed.sort()).toEqual(routes.sort());
    for (const route of DAW_ROUTES) {
      const url = `/api/v1/daw${route.url}`;
      expect(server.app.hasRoute({ method: route.method, url }), url).toBe(true);
    }
  });

  it('describes each with an id, a summary, and what it answers', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation, path } of operations()) {
      expect(operation.summary, path).toMatch(/^[A-Z].{5,}/);
      expect(operation.tags, path).toHaveLength(1);
      expect(
        Object.keys(operation.responses).some((s) => /^[23]/.test(s)),
        path,
      ).toBe(true);
      expect(operation.responses['429'], path).toBeDefined();
    }
  });

  it('declares the parts of each address, and how to sign in', () => {
    for (const { operation, path } of operations()) {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((p) => p.in === 'path');
      expect(declared.map((p) => p.name).sort(), path).toEqual(parts.sort());
      for (const part of declared) expect(part.required, path).toBe(true);
      for (const scheme of operation.security ?? [])
        for (const name of Object.keys(scheme))
          expect(document.components.securitySchemes).toHaveProperty([name]);
    }
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
    });
  });

  it('names every refusal by a code of the vocabulary', () => {
    for (const { operation, path } of operations()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (!/^[45]/.test(status)) continue;
        const codes = [...response.description.matchAll(/`(\w+)`/g)].map(([, code]) => code);
        expect(codes.length, path).toBeGreaterThan(0);
        for (const code of codes) {
          expect(ERRORS[code as keyof typeof ERRORS].status, `${path} ${code}`).toBe(
            Number(status),
          );
        }
        expect(Object.keys(response.content ?? {}), path).toEqual(['application/problem+json']);
      }
    }
  });

  it('asks for a token wherever one is needed', () => {
    for (const route of DAW_ROUTES) {
      const path = document.paths[`/api/v1/daw${braces(route.url)}`];
      const operation = path?.[route.method.toLowerCase()] as Operation;
      const open = operation.security?.length === 0;
      expect(open, route.url).toBe(route.access === 'anyone');
      expect(Boolean(operation.responses['401']), route.url).toBe(!open);
    }
  });

  it('has an example for every JSON body, which the route’s schema takes', () => {
    for (const route of DAW_ROUTES) {
      if (!route.body) continue;
      const examples = (route.body.meta()?.examples ?? []) as unknown[];
      expect(examples.length, route.url).toBeGreaterThan(0);
      for (const example of examples) {
        expect(route.body.safeParse(example).error, JSON.stringify(example)).toBeUndefined();
      }
      const path = document.paths[`/api/v1/daw${braces(route.url)}`];
      const operation = path?.[route.method.toLowerCase()] as Operation;
      expect(JSON.stringify(operation.requestBody), route.url).toMatch(/"examples?"/);
    }
  });

  it('has an example for every JSON answer, which the route’s schema gives', () => {
    for (const route of [...DAW_ROUTES, ...SYSTEM_ROUTES]) {
      for (const [status, schema] of Object.entries(route.response)) {
        if (!('safeParse' in schema) || schema.safeParse(undefined).success) continue;
        const value = EXAMPLES[route.operationId];
        expect(schema.safeParse(value).error, route.operationId).toBeUndefined();
        const response = operationOf(route).responses[status];
        expect(response?.content?.['application/json'], route.operationId).toMatchObject({
          examples: { example: { value } },
        });
      }
    }
    const known = [...DAW_ROUTES, ...SYSTEM_ROUTES].map((route) => route.operationId);
    for (const name of Object.keys(EXAMPLES)) expect(known).toContain(name);
  });

  it('has an example for every refusal, in the shape that the schema says', () => {
    let count = 0;
    for (const { operation, path } of operations()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const { examples } = response.content?.['application/problem+json'] ?? {};
        if (!/^[45]/.test(status)) continue;
        expect(Object.keys(examples ?? {}).length, path).toBeGreaterThan(0);
        for (const [code, { value }] of Object.entries(examples ?? {})) {
          const schema = status === '423' ? PluginLockedProblem : Problem;
          expect(schema.parse(value)).toMatchObject({ code, status: Number(status) });
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(200);
  });

  it('says in words, and by headers, what each answer is', () => {
    for (const { operation, path } of operations()) {
      for (const [status, { description, headers }] of Object.entries(operation.responses)) {
        expect(description, path).not.toBe('Default Response');
        expect(headers, path).toHaveProperty(['X-Request-Id']);
        expect('Retry-After' in (headers ?? {}), `${path} ${status}`).toBe(
          ['423', '429', '503'].includes(status),
        );
      }
    }
  });

  it('says of each query what it takes, and of an admin’s route that it is one', () => {
    for (const route of DAW_ROUTES) {
      const path = document.paths[`/api/v1/daw${braces(route.url)}`];
      const operation = path?.[route.method.toLowerCase()] as Operation;
      expect(operation.tags.includes('Admin'), route.url).toBe(route.access === 'admin');
      if (route.access === 'admin')
        expect(operation.responses['403']?.description, route.url).toContain('`forbidden`');
      if (!route.query) continue;
      const named = (operation.parameters ?? []).filter((p) => p.in === 'query');
      expect(named.length, route.url).toBeGreaterThan(0);
      expect(operation.responses['400']?.description, route.url).toContain('`validation_failed`');
    }
    const list = document.paths['/api/v1/daw/exports']?.get;
    const schemas = Object.fromEntries(
      (list?.parameters ?? []).map(({ name, schema }) => [name, schema]),
    );
    expect(schemas).toMatchObject({
      shared: { enum: ['true', 'false'] },
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    });
  });

  it('documents the stream of an export, with the header to go on by', () => {
    const stream = document.paths['/api/v1/daw/exports/{exportId}/events']?.get;
    expect(Object.keys(stream?.responses['200']?.content ?? {})).toEqual(['text/event-stream']);
    const header = stream?.parameters?.find((p) => p.name === 'last-event-id');
    expect(header).toMatchObject({ in: 'header' });
    for (const status of ['401', '404', '429', '503'])
      expect(stream?.responses[status], status).toBeDefined();
  });

  it('documents the key of an export, and the form of an upload', () => {
    const at = (path: string) => document.paths[`/api/v1/daw/projects/{projectId}/${path}`]?.post;
    const key = at('export')?.parameters?.find((p) => p.name === 'idempotency-key');
    expect(key).toMatchObject({ in: 'header', required: true });
    expect(Object.keys(at('assets')?.requestBody?.content ?? {})).toEqual(['multipart/form-data']);
  });

  it('refers only to what it contains', () => {
    const refs = [
      ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g),
    ];
    expect(refs.length).toBeGreaterThan(10);
    const named = new Set(refs.map(([, name]) => name));
    expect(Object.keys(document.components.schemas).filter((name) => !named.has(name))).toEqual([]);
    for (const [, name = ''] of refs)
      expect(document.components.schemas, name).toHaveProperty([name]);
    expect(JSON.stringify(document)).not.toContain('__SCHEMA__');
  });
});

describe('the reference page', () => {
  it('needs no other host and no inline script', async () => {
    const page = await server.anyone.get('/api/v1/docs/');
    expect(page.headers['content-type']).toMatch('text/html');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:/);
    expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
    expect(page.body).not.toMatch(/https?:\/\//);
    for (const [, source] of page.body.matchAll(/src="([^"]+)"/g)) {
      const script = await server.anyone.get(`/api/v1/docs/${source}`);
      expect([source, script.statusCode]).toEqual([source, 200]);
      expect(script.headers['content-type']).toMatch('text/javascript');
    }
    const redirect = await server.anyone.get('/api/v1/docs');
    expect(redirect.headers.location).toBe('/api/v1/docs/');
  });

  it('explains every error code where problems point to', async () => {
    const page = await server.anyone.get('/api/v1/errors');
    for (const code of Object.keys(ERRORS)) expect(page.body).toContain(`id="${code}"`);
    const problem = (await server.anyone.get('/projects')).json();
    const [address, anchor] = problem.type.split('#');
    expect((await server.anyone.get(address)).body).toContain(`id="${anchor}"`);
  });
});
