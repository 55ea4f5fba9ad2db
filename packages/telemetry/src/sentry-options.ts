import type { BrowserOptions } from '@sentry/browser';
import { redactDeep } from './redact.ts';

/** Nothing about people or payloads is collected; what is written by us is redacted on top. */
export const NO_DATA_COLLECTION: NonNullable<BrowserOptions['dataCollection']> = {
  userInfo: false,
  cookies: false,
  httpHeaders: { request: false, response: false },
  httpBodies: [],
  urlQueryParams: false,
  graphQL: { document: false, variables: false },
  genAI: { inputs: false, outputs: false },
  mcp: { inputs: false, outputs: false },
  databaseQueryData: false,
  queues: false,
  stackFrameVariables: false,
};

/** The last look at an event before it leaves. */
export function cleanSentryEvent<E extends object>(event: E): E {
  const copy: E & { user?: unknown; breadcrumbs?: unknown; modules?: unknown } = { ...event };
  delete copy.user;
  delete copy.breadcrumbs;
  delete copy.modules;
  return redactDeep(copy);
}

/** Values that are thrown need not be errors. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : `thrown: ${JSON.stringify(thrown)}`);
}
