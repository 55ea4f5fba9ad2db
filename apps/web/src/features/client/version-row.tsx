import type { MyExport } from '@mixdown/contract';
import { canTransition, isActive } from '@mixdown/core';
import { Download, Link2, Pause, Play, RotateCcw, X } from 'lucide-react';
import { theApp, toast, toastError } from '../../session/index.ts';
import { Badge, type BadgeTone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Progress } from '../../ui/progress.tsx';
import {
  formatBytes,
  formatDuration,
  formatSigned,
  formatSince,
  formatWait,
} from '../format-units.ts';
import { STATUS_WORDS } from '../jobs/job-words.ts';
import styles from './client.module.css';
import { downloadExport } from './download.ts';
import { explain, formatWords, type Standing, standingOf } from './export-words.ts';

const STANDING: Readonly<
  Record<Exclude<Standing, 'working' | 'ready'>, { words: string; tone: BadgeTone }>
> = {
  held: { words: 'Held back for review', tone: 'warning' },
  expired: { words: 'Expired', tone: 'neutral' },
  revoked: { words: 'Taken down', tone: 'error' },
  failed: { words: 'Failed', tone: 'error' },
  canceled: { words: 'Canceled', tone: 'neutral' },
};

/** The listing, which is looked at every other second while something runs, shows what comes of it. */
async function act(what: 'cancel' | 'retry', id: string): Promise<void> {
  const { client } = theApp();
  try {
    await (what === 'cancel' ? client.cancelExport(id) : client.retryExport(id));
  } catch (error) {
    toastError(error, `${what} the export`);
  }
}

const dayOf = (at: string): string =>
  new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'long' });

async function copyLink(id: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(`/exports/${id}`, window.location.origin).href);
    toast({ tone: 'success', title: 'Link copied' });
  } catch {
    const detail = 'The browser did not allow it.';
    toast({ tone: 'warning', title: 'Could not copy the link', detail });
  }
}

function Working({ view }: { readonly view: MyExport }) {
  const { fraction, etaSeconds } = view.progress;
  const waiting = view.status === 'queued';
  return (
    <div className={styles.working}>
      <Progress
        label={`Version ${view.version}, ${STATUS_WORDS[view.status]}`}
        fraction={waiting ? null : fraction}
      />
      <p className={styles.meta}>
        {waiting
          ? 'Waiting for a renderer; it appears here by itself'
          : `${STATUS_WORDS[view.status]} ${Math.floor(fraction * 100)} %`}
        {!waiting && etaSeconds !== null && ` · ${formatWait(etaSeconds)} left`}
      </p>
    </div>
  );
}

export interface VersionRowProps {
  readonly view: MyExport;
  readonly now: number;
  readonly playing: boolean;
  readonly chosen: boolean;
  /** Null: there is nothing to compare it with. */
  readonly onCompare: ((on: boolean) => void) | null;
  readonly onPlay: () => void;
  /** Something about it was changed from here. */
  readonly onActed: () => void;
}

/** One version: what it is, where it stands, and what one can do with it. */
export function VersionRow({
  view,
  now,
  playing,
  chosen,
  onCompare,
  onPlay,
  onActed,
}: VersionRowProps) {
  const { result, version } = view;
  const standing = standingOf(view, now);
  const ready = standing === 'ready' && result !== null;
  const trouble = explain(view, standing);
  const made = formatSince(Date.parse(view.completedAt ?? view.createdAt), now);
  return (
    <li
      className={cx(styles.version, chosen && styles.chosen)}
      data-testid={`version-${view.id}`}
      data-standing={standing}
    >
      <IconButton
        label={playing ? `Pause version ${version}` : `Play version ${version}`}
        tooltip={null}
        tone="secondary"
        size="lg"
        className={styles.play ?? ''}
        disabled={!ready}
        onClick={onPlay}
      >
        {playing ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
      </IconButton>
      <div className={styles.versionMain}>
        <p className={styles.versionTitle}>
          <b>v{version}</b>
          <span>{formatWords(view.options)}</span>
          {standing !== 'ready' && standing !== 'working' && (
            <Badge tone={STANDING[standing].tone}>{STANDING[standing].words}</Badge>
          )}
        </p>
        {ready && (
          <p className={styles.figures}>
            <span>
              {result.integratedLufs === null
                ? 'Silence'
                : `${formatSigned(result.integratedLufs)} LUFS`}
            </span>
            <span>
              peak {result.truePeakDbtp === null ? '−∞' : formatSigned(result.truePeakDbtp)} dBTP
            </span>
            <span>{formatDuration(result.durationSeconds)}</span>
            <span>{formatBytes(result.bytes)}</span>
          </p>
        )}
        {standing === 'working' && <Working view={view} />}
        {trouble && <p className={styles.explain}>{trouble}</p>}
        <p className={styles.meta}>
          Made {made}
          {view.sharedBy && ` · from ${view.sharedBy}`}
          {ready && view.expiresAt && ` · kept until ${dayOf(view.expiresAt)}`}
        </p>
      </div>
      <div className={styles.versionActions}>
        {ready && onCompare && (
          <Button
            size="sm"
            aria-pressed={chosen}
            className={chosen ? styles.comparing : undefined}
            aria-label={`Compare version ${version}`}
            onClick={() => onCompare(!chosen)}
          >
            Compare
          </Button>
        )}
        {!view.shared && isActive(view.status) && (
          <IconButton
            label={`Cancel version ${version}`}
            tooltip="Cancel"
            size="sm"
            onClick={() => void act('cancel', view.id).then(onActed)}
          >
            <X size={14} aria-hidden />
          </IconButton>
        )}
        {!view.shared && !isActive(view.status) && canTransition(view.status, 'queued') && (
          <Button
            size="sm"
            aria-label={`Retry version ${version}`}
            icon={<RotateCcw size={14} aria-hidden />}
            onClick={() => void act('retry', view.id).then(onActed)}
          >
            Retry
          </Button>
        )}
        {!view.shared && (
          <IconButton
            label={`Copy the link to version ${version}`}
            tooltip="Copy link"
            size="sm"
            onClick={() => void copyLink(view.id)}
          >
            <Link2 size={14} aria-hidden />
          </IconButton>
        )}
        {ready && (
          <Button
            size="sm"
            aria-label={`Download version ${version}`}
            icon={<Download size={14} aria-hidden />}
            onClick={() => void downloadExport(view.id)}
            data-testid={`download-${view.id}`}
          >
            Download
          </Button>
        )}
      </div>
    </li>
  );
}
