import { EXPORT_CONTENT_TYPES, type ExportView } from '@mixdown/contract';
import { exportFileName } from '@mixdown/core/export-file-name';
import { attachment, MAX_URL_SECONDS } from '@mixdown/storage';
import type { z } from 'zod';
import type { ExportRow } from '../db/queries/export-row.ts';
import type { Services } from '../services.ts';
import { storedOptions } from './stored-options.ts';

type View = z.output<typeof ExportView>;

/** Content-Disposition of links to listen by; every other link is `attachment`. */
export const LISTENING = 'inline';

/**
 * A URL for the export's file, good for a quarter of an hour. The caller has checked that `viewer` may have it; where the
 * link leads through us, that is checked again whenever it is used.
 */
export async function mintDownload(
  services: Pick<Services, 'storage' | 'publicUrl'>,
  viewer: string,
  row: Pick<ExportRow, 'projectName' | 'options' | 'result'> & { objectKey: string },
): Promise<{ url: string; expiresAt: Date; fileName: string }> {
  const fileName = row.result?.fileName ?? exportFileName(row.projectName, row.options.format);
  const { url, expiresAt } = await services.storage.presignGet(row.objectKey, {
    expiresInSeconds: MAX_URL_SECONDS,
    viewer,
    contentDisposition: attachment(fileName),
    contentType: EXPORT_CONTENT_TYPES[row.options.format],
  });
  // The file driver knows no origin of its own; the object store's URLs stay as they are.
  return { url: new URL(url, services.publicUrl()).href, expiresAt, fileName };
}

/** A link to listen is asked for, used and forgotten; with seeking, within a few minutes. */
const LISTENING_SECONDS = 5 * 60;

/** A URL that plays in the browser instead of being saved, for whoever may hear an export without owning it. */
export async function mintListening(
  services: Pick<Services, 'storage' | 'publicUrl'>,
  o: Pick<ExportRow, 'projectName' | 'options'> & { objectKey: string; fileName: string | null },
): Promise<{ url: string; expiresAt: Date; fileName: string }> {
  const fileName = o.fileName ?? exportFileName(o.projectName, o.options.format);
  const { url, expiresAt } = await services.storage.presignGet(o.objectKey, {
    expiresInSeconds: LISTENING_SECONDS,
    contentDisposition: LISTENING,
    contentType: EXPORT_CONTENT_TYPES[o.options.format],
  });
  return { url: new URL(url, services.publicUrl()).href, expiresAt, fileName };
}

/** The export as it is shown to `viewer`. The URL is minted here, so it is never older than the answer. */
export async function exportView(
  services: Pick<Services, 'storage' | 'publicUrl'>,
  viewer: string,
  row: ExportRow,
): Promise<View> {
  const { objectKey, quarantined, updatedAt: _, result, ...rest } = row;
  const view = { ...rest, options: storedOptions(rest.options) };
  if (row.status !== 'completed' || !result || !objectKey || quarantined) {
    return { ...view, result: null };
  }
  const { url, expiresAt, fileName } = await mintDownload(services, viewer, { ...row, objectKey });
  return {
    ...view,
    result: {
      ...result,
      reused: result.reused ?? false,
      downloadUrl: url,
      urlExpiresAt: expiresAt.toISOString(),
      fileName,
    },
  };
}

/** A poller that is told "unchanged" keeps its URL, so the tag changes well before the URL expires. */
const TAG_SECONDS = MAX_URL_SECONDS / 3;

export function exportEtag(row: ExportRow, nowMs: number): string {
  const period = row.status === 'completed' ? Math.floor(nowMs / 1000 / TAG_SECONDS) : 0;
  const parts = [
    row.updatedAt,
    row.status,
    row.editedSince,
    row.quarantined,
    row.progress.fraction,
  ];
  return `"${Buffer.from([...parts, period].join(' ')).toString('base64url')}"`;
}

/** Seconds after which to ask again; null = nothing will change by itself. */
export function pollAfterSeconds(status: View['status']): number | null {
  if (status === 'queued') return 2;
  return status === 'rendering' || status === 'encoding' || status === 'uploading' ? 1 : null;
}
