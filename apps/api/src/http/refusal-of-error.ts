import { ERRORS, type ErrorCode, type Refusal, RefusedError } from '@mixdown/contract';
import { refusalOfDatabaseError } from '../db/refusal-of-database-error.ts';
import { InvalidRequest } from './validate.ts';
import { validationRefusal } from './validation-refusal.ts';

interface HttpError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message: string;
}

/** Fastify's own refusals, in our vocabulary. */
const BY_FASTIFY_CODE: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_json', 'The body must be valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_json', 'The body is empty, but must be JSON.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'Send a smaller body.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'validation_failed',
    'The Content-Length does not match the body.',
  ],
  FST_ERR_BAD_URL: ['validation_failed', 'The address is malformed.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is nothing at this address.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['unsupported_media_type', 'Send multipart/form-data.'],
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/** What is told about an error: the refusal that it carries or stands for; null = our own fault. */
export function refusalOfError(error: HttpError): Refusal | null {
  if (error instanceof RefusedError) return error.refusal;
  if (error instanceof InvalidRequest) {
    return validationRefusal(error.issues, contextName(error.validationContext));
  }
  const own = BY_FASTIFY_CODE[error.code ?? ''];
  if (own) return { code: own[0], detail: own[1] };
  const fromDatabase = refusalOfDatabaseError(error);
  if (fromDatabase) return fromDatabase;
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    const code = BY_STATUS[status] ?? 'validation_failed';
    return { code, detail: error.message || ERRORS[code].title };
  }
  return null;
}

function contextName(context: string | undefined): string {
  if (context === 'params') return 'path';
  return context === 'querystring' ? 'query' : (context ?? 'body');
}
