import { ExportRequest } from '@mixdown/contract';
import type { z } from 'zod';

/**
 * The options of a row, in today's shape. Whoever requests an export through the database's own API may have stored
 * others, which its worker refuses; the row must still be shown, in its owner's list and in the admins'. What does not
 * fit shows as the defaults.
 */
export function storedOptions(options: unknown): z.output<typeof ExportRequest> {
  const parsed = ExportRequest.safeParse(options);
  return parsed.success ? parsed.data : ExportRequest.parse({});
}
