import { IDEMPOTENCY_KEY, refuse } from '@mixdown/contract';

const HOW = 'See “Idempotency” at /api/v1/docs.';

/**
 * The request's Idempotency-Key, quoted (a structured-field string, as in the IETF draft) or bare. Refuses a missing or
 * malformed one, and more than one.
 */
export function readIdempotencyKey(header: string | string[] | undefined): string {
  if (header === undefined || header === '') {
    throw refuse(
      'idempotency_key_missing',
      `Send an Idempotency-Key header, new for each export and the same when you repeat a request. ${HOW}`,
    );
  }
  const text = String(header).trim();
  const key = /^".*"$/.test(text) ? text.slice(1, -1) : text;
  if (Array.isArray(header) || !IDEMPOTENCY_KEY.test(key)) {
    throw refuse(
      'idempotency_key_malformed',
      `The Idempotency-Key must be 16 to 128 characters of A–Z a–z 0–9 . _ : -, such as a UUID. ${HOW}`,
    );
  }
  return key;
}
