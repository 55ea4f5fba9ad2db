import type { ExportView } from '@mixdown/contract';
import { canTransition, isActive } from '@mixdown/core';
import { Download, Link2, RotateCcw, UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { cancelExport, freshDownload, retryExport } from '../../session/exports/project-exports.ts';
import { toast, toastError } from '../../session/index.ts';
import { Badge, type BadgeTone } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Progress } from '../../ui/progress.tsx';
import { formatSince, formatUntil, formatWait } from '../format-units.ts';
import { JobResult } from './job-result.tsx';
import { STATUS_WORDS, settingsWords } from './job-words.ts';
import styles from './jobs.module.css';
import { ShareExportDialog } from './share-export-dialog.tsx';

const TONES: Partial<Record<ExportView['status'], BadgeTone>> = {
  completed: 'success',
  failed: 'error',
  revoked: 'error',
};
/** A download that starts now must not meet an address that ends while it is on its way. */
const SAFETY_MS = 10_000;

async function copyLink(id: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(`/exports/${id}`, window.location.origin).href);
    toast({ tone: 'success', title: 'Link copied' });
  } catch {
    const detail = 'The browser did not allow it. Open the link and copy it from the address bar.';
    toast({ tone: 'warning', title: 'Could not copy the link', detail });
  }
}

/** Fetches by an address made this moment: those that came with the export last some minutes only. */
export async function download(id: string): Promise<void> {
  try {
    const fresh = await freshDownload(id);
    if (!fresh) throw new Error('The file is not there any more.');
    const link = document.createElement('a');
    link.href = fresh.url;
    link.download = fresh.fileName;
    link.click();
  } catch (error) {
    toastError(error, 'download the file');
  }
}

function Running({ view }: { readonly view: ExportView }) {
  const { fraction, etaSeconds } = view.progress;
  const waiting = view.status === 'queued';
  const percent = Math.floor(fraction * 100);
  return (
    <div className={styles.running}>
      <Progress label={`Export of ${view.projectName}`} fraction={waiting ? null : fraction} />
      <p className={styles.meta}>
        {waiting ? 'Starts as soon as a renderer is free' : `${percent} %`}
        {etaSeconds !== null && !waiting && ` · ${formatWait(etaSeconds)} left`}
        {view.attempt > 1 && ` · attempt ${view.attempt}`}
      </p>
    </div>
  );
}

/** One export from the click to the file. */
export function JobCard({ view }: { readonly view: ExportView }) {
  const { id, status, result, error } = view;
  const now = Date.now();
  const running = isActive(status);
  const [sharing, setSharing] = useState(false);
  const addressGood = result !== null && Date.parse(result.urlExpiresAt) - now > SAFETY_MS;
  return (
    <article
      className={styles.job}
      data-testid={`job-${id}`}
      data-status={status}
      aria-label={`Export, ${settingsWords(view.options)}, ${STATUS_WORDS[status]}`}
    >
      <header className={styles.jobHeader}>
        <div>
          <p className={styles.jobTitle}>{settingsWords(view.options)}</p>
          <p className={styles.meta}>{formatSince(Date.parse(view.createdAt), now)}</p>
        </div>
        <div className={styles.badges}>
          {view.editedSince && status === 'completed' && (
            <Badge tone="warning" title="The project has changed since this export was made">
              Edited since
            </Badge>
          )}
          <Badge tone={TONES[status] ?? 'neutral'}>{STATUS_WORDS[status]}</Badge>
        </div>
        {running && (
          <IconButton label="Cancel export" size="sm" onClick={() => void cancelExport(id)}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </header>
      {running && <Running view={view} />}
      {error && status !== 'completed' && status !== 'revoked' && (
        <p className={styles.error}>{error.message}</p>
      )}
      {status === 'completed' && !result && (
        <p className={styles.error}>
          This file is held back while it is being reviewed. Nobody can download it until then.
        </p>
      )}
      {status === 'revoked' && (
        <p className={styles.error}>It was taken down after a review and cannot be had any more.</p>
      )}
      {status === 'expired' && (
        <p className={styles.meta}>
          Its time was up and the file is deleted. Retry makes it again, of the project as it was
          then.
        </p>
      )}
      {result && status === 'completed' && <JobResult result={result} />}
      <footer className={styles.jobFooter}>
        {result && status === 'completed' && (
          <>
            <a
              className={buttonClass({ tone: 'primary', size: 'sm' })}
              href={result.downloadUrl}
              download={result.fileName}
              data-testid="job-download"
              onClick={(event) => {
                if (addressGood) return;
                event.preventDefault();
                void download(id);
              }}
            >
              <Download size={14} aria-hidden />
              Download
            </a>
            <Button
              size="sm"
              icon={<Link2 size={14} aria-hidden />}
              onClick={() => void copyLink(id)}
            >
              Copy link
            </Button>
          </>
        )}
        {(running || status === 'completed') && (
          <Button
            size="sm"
            icon={<UserPlus size={14} aria-hidden />}
            onClick={() => setSharing(true)}
            data-testid="job-share"
          >
            Share…
          </Button>
        )}
        {canTransition(status, 'queued') && !running && (
          <Button
            size="sm"
            icon={<RotateCcw size={14} aria-hidden />}
            onClick={() => void retryExport(id)}
            data-testid="job-retry"
          >
            Retry
          </Button>
        )}
        {view.expiresAt && status === 'completed' && (
          <span className={styles.expiry}>
            Kept until{' '}
            {new Date(view.expiresAt).toLocaleDateString('en', { day: 'numeric', month: 'long' })},{' '}
            {formatUntil(Date.parse(view.expiresAt), now)}
          </span>
        )}
      </footer>
      {sharing && (
        <ShareExportDialog
          view={view}
          onClose={() => setSharing(false)}
          onCopy={() => void copyLink(id)}
        />
      )}
    </article>
  );
}
