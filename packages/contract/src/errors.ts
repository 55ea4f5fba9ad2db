import { z } from 'zod';
import { Id } from './ids.ts';

/**
 * The one error vocabulary: a stable code, its HTTP status and a title for people.
 * `detail` is written where the error is raised and says what to do.
 */
export const ERRORS = {
  unauthenticated: { status: 401, title: 'Sign in first' },
  token_invalid: { status: 401, title: 'Your session is not valid any more' },
  forbidden: { status: 403, title: 'You may not do this' },
  guest_not_allowed: { status: 403, title: 'Sign up to do this' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not answer that method' },
  validation_failed: { status: 400, title: 'Something in the request is not right' },
  malformed_request: { status: 400, title: 'This is not a request' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  body_too_large: { status: 413, title: 'The request is too large' },
  headers_too_large: { status: 431, title: 'The address or the headers are too large' },
  unsupported_media_type: { status: 415, title: 'This kind of content is not accepted' },
  range_not_satisfiable: { status: 416, title: 'The file ends before that' },
  idempotency_key_missing: { status: 400, title: 'An Idempotency-Key is required' },
  idempotency_key_malformed: { status: 400, title: 'The Idempotency-Key is malformed' },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used for something else',
  },
  idempotency_key_busy: { status: 409, title: 'The same request is being handled right now' },
  unknown_plugin: { status: 422, title: 'The catalog has no such plugin' },
  unknown_parameter: { status: 422, title: 'The plugin has no such parameter' },
  parameter_out_of_range: { status: 422, title: 'The value is outside of the parameter’s range' },
  position_out_of_range: { status: 422, title: 'The position is outside of the chain' },
  track_not_in_project: { status: 422, title: 'The track belongs to another project' },
  asset_not_in_project: { status: 422, title: 'The audio belongs to another project' },
  chain_full: { status: 422, title: 'The chain is full' },
  plugin_locked: { status: 423, title: 'Somebody else is editing this plugin' },
  stale_fence: { status: 409, title: 'The lock has moved on' },
  not_yet_supported: { status: 422, title: 'Not supported yet' },
  export_refused: { status: 422, title: 'This project cannot be exported as it is' },
  export_too_large: { status: 422, title: 'This export is too large' },
  export_not_ready: { status: 409, title: 'The file is not ready yet' },
  export_expired: { status: 410, title: 'The file has expired' },
  illegal_transition: { status: 409, title: 'The export is past the point where that is possible' },
  quota_exceeded: { status: 429, title: 'Too many at once' },
  rate_limited: { status: 429, title: 'Too many requests' },
  asset_empty: { status: 422, title: 'The file is empty' },
  asset_corrupt: { status: 422, title: 'The file cannot be decoded' },
  asset_unsupported: { status: 415, title: 'This audio format is not supported' },
  asset_mislabelled: { status: 422, title: 'The file is not what its name says' },
  asset_too_large: { status: 413, title: 'The file is too large' },
  asset_too_long: { status: 422, title: 'The audio is too long' },
  email_taken: { status: 409, title: 'There is already an account with this e-mail' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/**
 * RFC 9457 problem+json. `errors` names each offending field by JSON pointer; some codes bring further members, such as
 * the holder and the seconds left of `plugin_locked`.
 */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ErrorCode,
  detail: z.string(),
  instance: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What `plugin_locked` tells besides: who holds the plugin, and for how long at least. */
export const PluginLockedProblem = Problem.extend({
  holder: z.object({ userId: Id, email: z.string().nullable() }),
  pluginId: Id,
  secondsLeft: z.int().min(1),
});

/** An expected refusal, as a value; carries extra members for the problem+json body. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
  readonly errors?: ReadonlyArray<{ pointer: string; detail: string }>;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A refusal on its way through code that cannot return it as a value. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.detail}`);
    this.refusal = refusal;
  }
}

export const refuse = (
  code: ErrorCode,
  detail: string,
  more: Omit<Refusal, 'code' | 'detail'> = {},
) => new RefusedError({ code, detail, ...more });
