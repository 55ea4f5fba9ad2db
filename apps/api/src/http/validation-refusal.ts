import type { Refusal } from '@mixdown/contract';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
const MAX_ERRORS = 20;

const escaped = (segment: PropertyKey) =>
  String(segment).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');

/** Names fields of a body by JSON pointer; those of the address by a pointer that begins with where they stand. */
function pointerOf(issue: Issue, context: string): string {
  const pointer = issue.path.map((segment) => `/${escaped(segment)}`).join('');
  return context === 'body' ? pointer : `/${context}${pointer}`;
}

/** Most people who see this forgot the body, or its Content-Type. */
const isNoObject = (issue: Issue, context: string) =>
  context === 'body' && issue.path.length === 0 && issue.code === 'invalid_type';

function* flatten(issue: Issue): Generator<Issue> {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      yield { ...issue, path: [...issue.path, key], message: 'is not a known field' };
  } else {
    yield issue;
  }
}

/**
 * What a request got wrong, for people and programs: up to 20 fields, each named by JSON pointer. Values are not
 * repeated: they may be secret, or huge.
 */
export function validationRefusal(issues: readonly Issue[], context: string): Refusal {
  const all = issues.flatMap((issue) => [...flatten(issue)]);
  const errors = all.slice(0, MAX_ERRORS).map((issue) => ({
    pointer: pointerOf(issue, context),
    detail: isNoObject(issue, context) ? 'must be a JSON object' : issue.message,
  }));
  const first = errors[0];
  const more = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
  const where = first?.pointer || 'The body';
  return {
    code: 'validation_failed',
    detail: first
      ? `${where}${first.pointer ? ':' : ''} ${first.detail}${more}.`
      : 'The request does not match its schema.',
    errors,
  };
}
