import { ERRORS } from '@mixdown/contract';
import { MAX_EXPORT_SECONDS, MAX_TRACK_HOURS } from '../exports/preflight.ts';

/** The prose of the reference: what holds for every route. */
export const DESCRIPTION = `
Mix projects, chains of effects, and exports. All JSON; times are ISO 8601 in UTC, audio positions are frames at the
project's rate, parameter values are in real units (dB, Hz, ms, %).

## Signing in
Send \`Authorization: Bearer <access token>\`, as Supabase Auth (or the embedded sign-in at \`/auth/v1\`) gives it out.
Without a token only the catalog, the configuration and health are answered.

## Errors
Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`; [the list of codes](/api/v1/errors) says
what each means. \`errors\` names each offending field by JSON pointer. \`requestId\`, also in the \`X-Request-Id\` header,
is what to tell us. Checks run in this order: who you are (401), what you may see and do (404, 403), the request itself
(400, 422), quotas (429).

## Idempotency
An export needs an \`Idempotency-Key\`. The first request with a key creates the export; a repeated one with the same
body answers with the same export and \`Idempotent-Replayed: true\`, also when both run at the same time. Another body
under the same key is refused (\`idempotency_key_reused\`). Failed, canceled and expired exports keep their key: use a
new one, or \`retry\`. Keys are known for 24 hours. Tracks, clips and plugins take an \`id\` of your own instead: a
repeated request with it adds nothing and answers 200. Every edit of a project takes an \`Operation-Id\`, too: a
repeated edit with it is done once and answered again, over HTTP or the socket. It is known for 7 days.

## Listings and streams
Listings of exports come in pages, newest first: \`next\` is the \`cursor\` of the next page, null after the last one.
An export's \`events\` are server-sent events; send the last \`id\` as \`Last-Event-ID\` to go on without losing a change.

## Limits
Requests are limited per account and per address: \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`
(seconds) tell of the limit that will be used up first; \`rate_limited\` comes with \`Retry-After\`. An export lasts at most
${MAX_EXPORT_SECONDS / 60} minutes, and all its tracks together ${MAX_TRACK_HOURS} hours.
`;

/** One page that explains every error code; the \`type\` of each problem points into it. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mixdown API: errors</title></head>
<body>
<h1>Errors of the Mixdown API</h1>
<p>Every error is <code>application/problem+json</code> with one of these codes. <a href="/api/v1/docs">The reference</a>
says which route answers which.</p>
<table>
<thead><tr><th>Code</th><th>HTTP status</th><th>Meaning</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`;
}
