import { z } from 'zod';

/** Row ids are UUIDs in lower-case canonical form, of any version: the database takes, and Supabase gives out, any. */
export const Id = z.guid().toLowerCase().meta({ description: 'UUID' });
export type Id = z.infer<typeof Id>;

/** Points in time cross the wire as ISO 8601 in UTC. */
export const Timestamp = z.iso.datetime({ offset: true });

/** `^[A-Za-z0-9._:-]{16,128}$`, quoted (as in the IETF Idempotency-Key draft) or bare. */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9._:-]{16,128}$/;

/** Names that people give to things: trimmed, visible, no control characters. */
export const Name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(120, 'must be at most 120 characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters')
  // Half of a surrogate pair cannot be stored as UTF-8: it would come back as something else.
  .refine((name) => name.isWellFormed(), 'must not contain half of a character');

/** A place in a chain or among tracks. Which ones there are depends on how many there are: the edit says so. */
export const Position = z.int().meta({ description: 'From 0; at most how many there are' });
