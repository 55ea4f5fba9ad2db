import type { CatalogEntry } from '@mixdown/contract';

export interface FileFailure {
  readonly failure: 'not_found' | 'integrity';
  readonly detail: string;
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function checkFile(
  file: CatalogEntry['files'][number],
  folder: URL,
  signal: AbortSignal,
): Promise<FileFailure | null> {
  const url = new URL(file.path, folder);
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return { failure: 'not_found', detail: `${file.path} could not be reached.` };
  }
  if (!response.ok) {
    // A server that checks hashes itself gives out nothing of an altered plugin, and says so.
    const altered = response.headers.get('x-mixdown-reason') === 'integrity';
    return altered
      ? { failure: 'integrity', detail: `${file.path}: the server holds it back.` }
      : { failure: 'not_found', detail: `${file.path}: the server says ${response.status}.` };
  }
  if ((await sha256(await response.arrayBuffer())) === file.sha256) return null;
  return { failure: 'integrity', detail: `${file.path} is not the file that was certified.` };
}

/**
 * Fetches every file of a plugin and compares its hash with the catalog's, so that a missing file is told apart
 * from a broken one (a missing WebAssembly file would show up as an error about null). Rejects only when aborted.
 */
export async function preflight(
  files: CatalogEntry['files'],
  entryUrl: URL,
  signal: AbortSignal,
): Promise<FileFailure | null> {
  const folder = new URL('.', entryUrl);
  const results = await Promise.all(files.map((file) => checkFile(file, folder, signal)));
  return results.find((result) => result !== null) ?? null;
}
