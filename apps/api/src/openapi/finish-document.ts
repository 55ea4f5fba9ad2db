import { ERRORS, type ErrorCode } from '@mixdown/contract';
import { toProblem } from '../http/problem.ts';
import { EXAMPLES } from './examples.ts';

interface Content {
  schema?: object;
  examples?: Record<string, { summary?: string; value: unknown }>;
}
interface Response {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, Content>;
}
interface Operation {
  readonly operationId?: string;
  readonly responses?: Record<string, Response>;
}
export interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Record<string, object> };
}

/** What @fastify/swagger says of a response that has no description. */
const NO_WORDS = 'Default Response';
const WORDS: Readonly<Record<string, string>> = {
  200: 'Done; this is how it is now.',
  201: 'Made.',
  202: 'Accepted: it happens in the background.',
};
/** One id in all examples of problems: nobody should look for it in a log. */
const REQUEST_ID = '77200803-5d64-4b4a-971c-d58c5ed49e9d';

const header = (description: string, type: 'string' | 'integer') => ({
  description,
  schema: { type },
});
const HEADERS = {
  'X-Request-Id': header('What to tell us, and what our log has', 'string'),
  'RateLimit-Limit': header('Requests that may be made in a minute', 'integer'),
  'RateLimit-Remaining': header('Those of them that are left', 'integer'),
  'RateLimit-Reset': header('Seconds until all of them are there again', 'integer'),
  'Retry-After': header('Seconds after which to try again', 'integer'),
  'X-Project-Seq': header('The project’s `seq` after the edit', 'integer'),
};
const headerRefs = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const ON_EVERY_ANSWER = [
  'X-Request-Id',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];
const WITH_RETRY = new Set(['423', '429', '503']);
/** Edits that answer without a body. */
const TELLS_SEQ = new Set(['removeTrack', 'removeClip', 'removePlugin']);

/** Extra members of problems that have some. */
const MORE: Readonly<Partial<Record<ErrorCode, object>>> = {
  plugin_locked: {
    holder: { userId: '0197a3c0-5b7e-7c3a-9d41-2f6f0c8e1b60', email: 'ana@example.org' },
    pluginId: '0197a3c0-5b7e-7c3a-9d41-2f6f0c8e1b53',
    secondsLeft: 9,
  },
  stale_fence: { fence: 4 },
};

function problemExamples(description: string): Content['examples'] {
  const codes = [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code as ErrorCode);
  return Object.fromEntries(
    codes.map((code) => {
      const refusal = { code, detail: `${ERRORS[code].title}.`, extra: { ...MORE[code] } };
      return [code, { value: toProblem(refusal, REQUEST_ID) }];
    }),
  );
}

function finishResponse(status: string, response: Response, operationId: string): void {
  if (response.description === NO_WORDS) response.description = WORDS[status] ?? 'Done.';
  response.headers = {
    ...response.headers,
    ...headerRefs(ON_EVERY_ANSWER),
    ...(WITH_RETRY.has(status) && headerRefs(['Retry-After'])),
    ...(status === '204' && TELLS_SEQ.has(operationId) && headerRefs(['X-Project-Seq'])),
  };
  const problem = response.content?.['application/problem+json'];
  const examples = problem && problemExamples(response.description);
  if (problem && examples) problem.examples = examples;
  const json = response.content?.['application/json'];
  const value = EXAMPLES[operationId];
  if (json && value) json.examples = { example: { value } };
}

/** The schemas that something refers to, be it another one that something refers to. */
function withoutUnused(document: Document): Record<string, object> {
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(
      /#\/components\/schemas\/([\w.-]+)/g,
    )) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? null);
    }
  };
  follow(document.paths ?? null);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
}

/** What the routes' schemas do not say: words, headers and examples of answers; and takes out what nobody refers to. */
export function finishDocument<D extends Document>(document: D): D {
  for (const operations of Object.values(document.paths ?? {})) {
    for (const { operationId = '', responses = {} } of Object.values(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        finishResponse(status, response, operationId);
      }
    }
  }
  const schemas = withoutUnused(document);
  return { ...document, components: { ...document.components, schemas, headers: HEADERS } };
}
