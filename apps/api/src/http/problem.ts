import { ERRORS, type Problem, type Refusal } from '@mixdown/contract';

/** Where each code is explained, as the `type` of RFC 9457. */
export const ERRORS_PAGE = '/api/v1/errors';

/** A refusal as problem+json. Members of `extra` stand beside the standard ones and never replace them. */
export function toProblem(refusal: Refusal, requestId: string): Problem & Record<string, unknown> {
  const { status, title } = ERRORS[refusal.code];
  return {
    ...refusal.extra,
    type: `${ERRORS_PAGE}#${refusal.code}`,
    title,
    status,
    code: refusal.code,
    detail: refusal.detail,
    requestId,
    ...(refusal.errors && { errors: [...refusal.errors] }),
  };
}
