import type { FastifyReply } from 'fastify';

/** Refusals of GoTrue's endpoints, by the codes that auth-js knows. */
export const AUTH_ERRORS = {
  validation_failed: [400, 'The request is not right.'],
  bad_json: [400, 'The body must be valid JSON.'],
  email_address_invalid: [400, 'This does not look like an e-mail address.'],
  weak_password: [422, 'Choose a longer password: at least 8 characters.'],
  user_already_exists: [422, 'There is already an account with this e-mail.'],
  email_exists: [422, 'There is already an account with this e-mail.'],
  invalid_credentials: [400, 'E-mail or password is not right.'],
  refresh_token_not_found: [400, 'This session is over. Sign in again.'],
  refresh_token_already_used: [400, 'This session was ended for your safety. Sign in again.'],
  session_not_found: [403, 'This session is over. Sign in again.'],
  no_authorization: [401, 'Sign in first.'],
  bad_jwt: [403, 'Your session is not valid any more.'],
  user_not_found: [404, 'This account does not exist any more.'],
  not_admin: [403, 'This may not be changed here.'],
  unsupported_grant_type: [400, 'grant_type must be password or refresh_token.'],
  request_too_large: [413, 'The request is too large.'],
  over_request_rate_limit: [429, 'Too many attempts. Wait a minute, then try again.'],
  unavailable: [503, 'Sign-in is not available right now. Try again in a few seconds.'],
  unexpected_failure: [500, 'Something went wrong on our side.'],
} as const satisfies Record<string, readonly [number, string]>;
export type AuthErrorCode = keyof typeof AUTH_ERRORS;

/** An expected refusal on its way out of a transaction. */
export class AuthRefusal extends Error {
  override readonly name = 'AuthRefusal';
  readonly code: AuthErrorCode;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    code: AuthErrorCode,
    message: string = AUTH_ERRORS[code][1],
    retryAfterSeconds?: number,
  ) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** In GoTrue's shape: `code` is read by clients of its newer interface, `error_code` by older ones. */
export function sendAuthError(
  reply: FastifyReply,
  code: AuthErrorCode,
  message: string = AUTH_ERRORS[code][1],
): FastifyReply {
  return reply
    .code(AUTH_ERRORS[code][0])
    .header('cache-control', 'no-store')
    .header('x-supabase-api-version', '2024-01-01')
    .type('application/json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({
      code,
      error_code: code,
      message,
      msg: message,
      ...(code === 'weak_password' && { weak_password: { reasons: ['length'] } }),
    });
}
