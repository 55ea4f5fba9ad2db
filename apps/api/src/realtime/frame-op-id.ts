import { hash as digest } from 'node:crypto';

/**
 * The operation id of the frames up to n of a fence: the same from whichever node they are written, and however often.
 * A UUID of version 8.
 */
export function frameOpId(pluginId: string, fence: number, n: number): string {
  const hash = digest('sha256', `${pluginId} ${fence} ${n}`);
  const variant = ((Number.parseInt(hash[16] as string, 16) & 3) | 8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
