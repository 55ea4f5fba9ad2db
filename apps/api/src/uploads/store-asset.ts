import { type Asset, type AssetPeaks, refuse } from '@mixdown/contract';
import { assetAudioKey, assetPeaksKey, type ObjectStorage } from '@mixdown/storage';
import { canonicalise, type DecodedAudio } from './canonicalise.ts';

export interface StoredAudio {
  readonly frames: number;
  readonly bytes: number;
  readonly sha256: string;
}

async function* once(text: string) {
  yield Buffer.from(text);
}

/** Removes an asset's objects. */
export async function deleteAssetObjects(storage: ObjectStorage, assetId: string): Promise<void> {
  await storage.delete(assetAudioKey(assetId));
  await storage.delete(assetPeaksKey(assetId));
}

/**
 * Writes canonical audio and its peaks at the project's rate (Hz); both, or, whatever fails, neither.
 * Refuses audio without a single frame.
 */
export async function storeAsset(
  storage: ObjectStorage,
  audio: DecodedAudio,
  o: { assetId: Asset['id']; sampleRate: number; signal: AbortSignal },
): Promise<StoredAudio> {
  const canonical = canonicalise(audio, o.sampleRate);
  const { signal } = o;
  try {
    const stored = await storage.put(assetAudioKey(o.assetId), canonical.body, {
      contentType: 'application/octet-stream',
      signal,
    });
    const frames = canonical.frames();
    if (frames === 0) throw refuse('asset_empty', 'There is no audio in this file.');
    const peaks: AssetPeaks = canonical.peaks();
    await storage.put(assetPeaksKey(o.assetId), once(JSON.stringify(peaks)), {
      contentType: 'application/json',
      signal,
    });
    return { frames, ...stored };
  } catch (error) {
    await deleteAssetObjects(storage, o.assetId);
    throw error;
  }
}
