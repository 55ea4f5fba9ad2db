import type { MyExport } from '@mixdown/contract';
import { isActive } from '@mixdown/core';
import { settingsWords } from '../jobs/job-words.ts';

export type Standing = 'working' | 'ready' | 'held' | 'expired' | 'revoked' | 'failed' | 'canceled';

/** Where an export stands for whoever would listen to it; `now` in ms since 1970. */
export function standingOf(
  view: Pick<MyExport, 'status' | 'quarantined' | 'expiresAt'>,
  now: number,
): Standing {
  const { status, quarantined, expiresAt } = view;
  if (isActive(status)) return 'working';
  if (quarantined && status === 'completed') return 'held';
  if (status !== 'completed') return status as Standing;
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'ready';
}

/** What to make of an export that cannot be played, and whom to ask; null where it can. */
export function explain(view: MyExport, standing: Standing): string | null {
  const who = view.sharedBy ?? 'whoever made it';
  if (standing === 'held')
    return 'Held back while it is being reviewed. It comes back here once it is released.';
  if (standing === 'expired')
    return view.shared
      ? `The file is kept for a while only, and that time is over. Ask ${who} to export it again.`
      : 'The file is kept for a while only, and that time is over. Export it again from the project.';
  if (standing === 'revoked') return 'This file has been taken down, and will not come back.';
  if (standing === 'canceled') return 'Canceled before it was finished.';
  if (standing === 'failed') {
    const why = view.error?.message ?? 'Something went wrong while it was rendered.';
    return view.shared ? `${why} ${sentenceCase(who)} can try again.` : why;
  }
  return null;
}
const sentenceCase = (words: string): string =>
  words.includes('@') ? words : words.charAt(0).toUpperCase() + words.slice(1);

export interface ProjectGroup {
  readonly projectId: string;
  readonly name: string;
  /** Newest first. */
  readonly exports: readonly MyExport[];
}

/** By project; the project with the newest export comes first, and has the name that it had then. */
export function groupByProject(exports: readonly MyExport[]): ProjectGroup[] {
  const groups = new Map<string, MyExport[]>();
  for (const view of exports) {
    const group = groups.get(view.projectId);
    if (group) group.push(view);
    else groups.set(view.projectId, [view]);
  }
  return [...groups].map(([projectId, list]) => ({
    projectId,
    name: list[0]?.projectName ?? '',
    exports: list,
  }));
}

/** "WAV · 24 bit · 48 kHz"; what the level was set to is seen from what it measures. */
export const formatWords = (options: MyExport['options']): string =>
  settingsWords({ ...options, normalize: null });

/** "−2.3 dB to match". */
export function matchWords(db: number | null | undefined): string | null {
  if (db === undefined) return null;
  if (db === null) return 'loudness unknown, plays as it is';
  return db > -0.05 ? 'plays as it is' : `${db.toFixed(1).replace('-', '−')} dB to match`;
}

/** "2 minutes 5 seconds", for screen readers. */
export function spokenTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const words = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`;
  return minutes ? `${words(minutes, 'minute')} ${words(rest, 'second')}` : words(rest, 'second');
}

/** "1:05": where the playhead is; the second that has begun, not the nearest one. */
export function clockTime(seconds: number): string {
  const whole = Math.floor(seconds + 1e-6);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
