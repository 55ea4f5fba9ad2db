import type { AssetPeaks } from '@mixdown/contract';
import { theApp } from './app.ts';

/** Pairs of min and max, −127…127, one pair per `framesPerPeak` frames. */
export interface Peaks {
  readonly framesPerPeak: number;
  readonly values: Int8Array;
}

const loaded = new Map<string, Peaks>();
const loading = new Set<string>();
const listeners = new Set<(assetId: string) => void>();
/** A drawing that cannot be had now may be had later; asking at each redraw would be a flood. */
const RETRY_MS = 5000;

export function decodePeaks(answer: AssetPeaks): Peaks {
  const text = atob(answer.peaks);
  const values = new Int8Array(text.length);
  for (let i = 0; i < text.length; i++) values[i] = text.charCodeAt(i);
  return { framesPerPeak: answer.framesPerPeak, values };
}

async function load(assetId: string): Promise<void> {
  loading.add(assetId);
  try {
    loaded.set(assetId, decodePeaks(await theApp().client.peaks(assetId)));
    loading.delete(assetId);
    for (const listener of listeners) listener(assetId);
  } catch {
    window.setTimeout(() => loading.delete(assetId), RETRY_MS);
  }
}

/** The peaks of an asset, or null while they are on their way; `onPeaks` tells when they are there. */
export function peaksOf(assetId: string): Peaks | null {
  const peaks = loaded.get(assetId) ?? null;
  if (!peaks && !loading.has(assetId)) void load(assetId);
  return peaks;
}

export function onPeaks(listener: (assetId: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
