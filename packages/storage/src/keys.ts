const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const PREFIX = /^([A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\/)*([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})?$/;
const MAX_KEY = 512;

/**
 * Keys become file paths, so they are made of plain segments: no `..`, no hidden or empty segment, no backslash, no
 * percent sign. Throws a TypeError, since keys are built by us and never typed by people.
 */
export function checkKey(key: string): string {
  const fine = key.length <= MAX_KEY && key.split('/').every((segment) => SEGMENT.test(segment));
  if (!fine) throw new TypeError(`not a storage key: ${JSON.stringify(key.slice(0, 80))}`);
  return key;
}

export function checkPrefix(prefix: string): string {
  if (prefix.length > MAX_KEY || !PREFIX.test(prefix)) {
    throw new TypeError(`not a storage prefix: ${JSON.stringify(prefix.slice(0, 80))}`);
  }
  return prefix;
}

export const assetAudioKey = (assetId: string) => checkKey(`assets/${assetId}/audio.f32`);
export const assetPeaksKey = (assetId: string) => checkKey(`assets/${assetId}/peaks.json`);
/** Below it are the files of an export, of which one is its result. */
export const exportFolder = (projectId: string, exportId: string) =>
  checkPrefix(`exports/${projectId}/${exportId}/`);
/** One key per attempt to run an export: a stale worker's upload never overwrites the file of its successor. */
export const exportKey = (projectId: string, exportId: string, leaseToken: string, ext: string) =>
  checkKey(`${exportFolder(projectId, exportId)}${leaseToken}.${ext}`);
