import type { Asset } from '@mixdown/contract';
import { type Clip, MAX_UPLOAD_BYTES, RefusedError } from '@mixdown/contract';
import { theApp } from '../app.ts';
import { theProject } from '../open-project.ts';
import { wordsFor } from '../refusal-toast.ts';
import { useAccount } from '../stores/account-store.ts';
import { toast } from '../stores/toasts.ts';
import { addUpload, patchUpload, removeUpload } from '../stores/uploads.ts';
import { refreshLabels } from './history.ts';
import { newTrack, roomForTrack } from './track-actions.ts';

export interface UploadTarget {
  /** Omitted: each file makes a track of its own. */
  readonly trackId?: string | undefined;
  readonly startFrame?: number | undefined;
}

const withoutExtension = (name: string) => name.replace(/\.[a-z0-9]{1,5}$/i, '').trim() || name;

function placeOnTimeline(asset: Asset, target: UploadTarget): void {
  const { session, projectId } = theProject();
  session.addAsset(asset);
  const state = session.state();
  const clipOn = (trackId: string): Clip => ({
    id: crypto.randomUUID(),
    projectId,
    trackId,
    assetId: asset.id,
    startFrame: target.startFrame ?? 0,
    offsetFrames: 0,
    lengthFrames: asset.frames,
    gainDb: 0,
  });
  if (target.trackId && state.tracks[target.trackId]) {
    session.perform([{ kind: 'clip.add', clip: clipOn(target.trackId) }]);
  } else if (roomForTrack()) {
    const track = newTrack(state, withoutExtension(asset.name).slice(0, 120));
    session.perform([
      { kind: 'track.add', whole: { track, clips: [clipOn(track.id)], plugins: [] } },
    ]);
  }
  refreshLabels();
}

async function uploadOne(file: File, target: UploadTarget): Promise<void> {
  const { projectId } = theProject();
  const abort = new AbortController();
  const id = crypto.randomUUID();
  const retry = () => void uploadOne(file, target);
  addUpload({ id, fileName: file.name, fraction: 0, cancel: () => abort.abort() });
  try {
    if (file.size > MAX_UPLOAD_BYTES) {
      const limit = Math.round(MAX_UPLOAD_BYTES / 1024 / 1024);
      const detail = `${file.name} has ${Math.round(file.size / 1024 / 1024)} MB; up to ${limit} MB can be added.`;
      throw new RefusedError({ code: 'asset_too_large', detail });
    }
    const asset = await theApp().client.uploadAsset(projectId, file, {
      onProgress: (fraction) => patchUpload(id, { fraction }),
      signal: abort.signal,
    });
    if (theProject().projectId === projectId) placeOnTimeline(asset, target);
  } catch (error) {
    if (abort.signal.aborted) return;
    const { title, detail } = wordsFor(error);
    const mayRetry = !(error instanceof RefusedError);
    toast({
      tone: 'error',
      title: `${file.name}: ${title.toLowerCase()}`,
      detail,
      ...(mayRetry && { action: { label: 'Try again', run: retry } }),
    });
  } finally {
    removeUpload(id);
  }
}

/** Uploads audio files one after another and lays them on the timeline. */
export async function uploadFiles(
  files: readonly File[],
  target: UploadTarget = {},
): Promise<void> {
  if (useAccount.getState().account?.role === 'guest') {
    toast({
      tone: 'info',
      title: 'Sign up to add your own audio',
      detail: 'It takes a moment, and this project comes with you.',
      action: { label: 'Sign up', run: () => window.location.assign('/sign-in?mode=up') },
    });
    return;
  }
  for (const file of files) await uploadOne(file, target);
}
