import { createHash } from 'node:crypto';
import type { ExportOptions } from '@mixdown/contract';
import { canonicalJson } from '@mixdown/core';

const ROUTE = 'POST /api/v1/daw/projects/:projectId/export';

/**
 * What an export request asks for, as SHA-256 (hex): of the validated body with its defaults, so that neither the order
 * of keys nor an omitted default makes another request of it.
 */
export const fingerprintOf = (projectId: string, options: ExportOptions): string =>
  createHash('sha256')
    .update(`${ROUTE}\n${projectId}\n${canonicalJson({ ...options })}`)
    .digest('hex');
