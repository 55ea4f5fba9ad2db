import {
  type EXPORT_STREAM,
  type ExportChange,
  type ExportStreamEnd,
  type ExportStreamEvent,
  isTerminal,
} from '@mixdown/contract';
import type { z } from 'zod';
import type { ExportRow, View } from '../../db/queries/export-row.ts';
import type { Subscription } from './subscription.ts';

/** Proxies and browsers give up on connections that say nothing; most after a minute or half of one. */
export const HEARTBEAT_MS = 15_000;
/** Milliseconds after which a reader whose connection broke comes back. */
const RETRY_MS = 2_000;

/** An export as it is, and how it came there since the last look. */
export interface ExportSince {
  readonly row: ExportRow;
  /** Its changes after the one that the reader knows; none where it knows nothing yet. */
  readonly changes: readonly ExportChange[];
  readonly lastChangeId: number;
}

interface Sources {
  readonly subscription: Pick<Subscription, 'next'>;
  /** What was there when the stream began. */
  readonly first: ExportSince;
  /** Reads with the caller's rights; null = not theirs to see any more. Rejects where the database cannot be asked. */
  read(afterChangeId: number): Promise<ExportSince | null>;
  /** Whether the caller is still signed in. */
  isSignedIn(): Promise<boolean>;
  view(row: ExportRow): Promise<View>;
  /** Milliseconds until the caller's token runs out. */
  millisecondsLeft(): number;
  /** Whether an error passes by itself. */
  isPassing(error: unknown): boolean;
}

type DataOf<E extends ExportStreamEvent> = z.output<(typeof EXPORT_STREAM)[E]>;

/** One event in the format of server-sent events (HTML, 9.2). JSON has no line breaks, so `data` is one line. */
export function frame<E extends ExportStreamEvent>(
  event: E,
  data: DataOf<E>,
  id: number | null = null,
): string {
  return `event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
const goodbye = (reason: ExportStreamEnd['reason']) => frame('end', { reason });

async function* tell(
  { row, changes, lastChangeId }: ExportSince,
  view: Sources['view'],
): AsyncGenerator<string> {
  for (const change of changes) yield frame('change', change, change.id);
  yield frame('state', await view(row), lastChangeId);
  if (isTerminal(row.status)) yield goodbye('finished');
}

/** What has become of the export, or why the stream ends; `later` = ask again. */
async function look(
  o: Sources,
  afterChangeId: number,
): Promise<ExportSince | 'access_lost' | 'token_expired' | 'later'> {
  try {
    if (o.millisecondsLeft() <= 0 || !(await o.isSignedIn())) return 'token_expired';
    return (await o.read(afterChangeId)) ?? 'access_lost';
  } catch (error) {
    if (o.isPassing(error)) return 'later';
    throw error;
  }
}

/**
 * The text of an export's stream: its state, then each change and its progress, until it has come to its end, the caller
 * may not see it any more, or the server stops. Nothing is read while nobody takes what was said, and what happened
 * meanwhile is told together, without losing a change.
 */
export async function* exportEvents(o: Sources): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  yield* tell(o.first, o.view);
  let known = o.first;
  while (!isTerminal(known.row.status)) {
    const woken = await o.subscription.next(Math.min(HEARTBEAT_MS, o.millisecondsLeft()));
    if (woken === 'left') return;
    if (woken === 'shutting_down') {
      yield goodbye('shutting_down');
      return;
    }
    const now = await look(o, known.lastChangeId);
    if (now === 'access_lost' || now === 'token_expired') {
      yield goodbye(now);
      return;
    }
    if (woken === 'silence') yield ':\n\n';
    if (now === 'later') continue;
    if (now.changes.length > 0) yield* tell(now, o.view);
    else if (JSON.stringify(now.row.progress) !== JSON.stringify(known.row.progress)) {
      yield frame('progress', now.row.progress);
    }
    known = now;
  }
}
