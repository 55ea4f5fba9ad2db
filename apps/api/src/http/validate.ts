import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';

/** A part of a request that does not match its schema; Fastify notes which part. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  readonly issues: readonly z.core.$ZodIssue[];
  validationContext?: string;
  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('the request does not match its schema');
    this.issues = issues;
  }
}

/** Checks parts of requests with their zod schema, and hands on what it parsed: trimmed, with defaults. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const parsed = schema.safeParse(data);
    return parsed.success
      ? { value: parsed.data as unknown }
      : { error: new InvalidRequest(parsed.error.issues) };
  };
