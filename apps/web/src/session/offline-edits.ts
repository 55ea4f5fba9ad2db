import type { Edit } from './edits/edit.ts';

const VERSION = 1;
const keyOf = (projectId: string) => `mixdown.unsaved.${projectId}`;

/** Keeps edits that could not be sent before the page went away, for the next visit. */
export function keepEdits(projectId: string, edits: readonly Edit[]): void {
  try {
    if (edits.length === 0) localStorage.removeItem(keyOf(projectId));
    else localStorage.setItem(keyOf(projectId), JSON.stringify({ version: VERSION, edits }));
  } catch {
    // Private windows may have no storage: then there is no next visit to keep anything for.
  }
}

/** The kept edits of a project, taken out of storage. */
export function takeEdits(projectId: string): Edit[] {
  try {
    const text = localStorage.getItem(keyOf(projectId));
    localStorage.removeItem(keyOf(projectId));
    const kept = text ? (JSON.parse(text) as { version?: unknown; edits?: unknown }) : null;
    return kept?.version === VERSION && Array.isArray(kept.edits) ? (kept.edits as Edit[]) : [];
  } catch {
    return [];
  }
}
