import { createHash, randomUUID } from 'node:crypto';
import type { DemoSong } from '@mixdown/demo-material';
import { computePeaks } from '@mixdown/dsp/peaks';
import { assetAudioKey, assetPeaksKey, type ObjectStorage } from '@mixdown/storage';

export interface StoredAudio {
  readonly frames: number;
  readonly channels: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly storageKey: string;
  readonly peaksKey: string;
}

/** By clip name. */
export type StoredDemo = ReadonlyMap<string, StoredAudio>;

/** Frames per drawn peak, as for uploads. */
const FRAMES_PER_PEAK = 256;

/** Planar channels as interleaved little-endian float32. */
function interleave(channels: readonly Float32Array[]): Uint8Array {
  const frames = channels[0]?.length ?? 0;
  const bytes = new DataView(new ArrayBuffer(frames * channels.length * 4));
  for (const [c, samples] of channels.entries()) {
    for (let i = 0; i < frames; i++) {
      bytes.setFloat32((i * channels.length + c) * 4, samples[i] as number, true);
    }
  }
  return new Uint8Array(bytes.buffer);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Puts the canonical audio and the peaks of every clip into storage. */
export async function storeDemoAudio(storage: ObjectStorage, song: DemoSong): Promise<StoredDemo> {
  const stored = new Map<string, StoredAudio>();
  for (const { name, audio } of song.tracks.flatMap((track) => track.clips)) {
    const id = randomUUID();
    const storageKey = assetAudioKey(id);
    const peaksKey = assetPeaksKey(id);
    const bytes = interleave(audio);
    await storage.put(storageKey, once(bytes), { contentType: 'application/octet-stream' });
    const peaks = Buffer.from(JSON.stringify(computePeaks(audio, FRAMES_PER_PEAK)));
    await storage.put(peaksKey, once(peaks), { contentType: 'application/json' });
    stored.set(name, {
      frames: audio[0]?.length ?? 0,
      channels: audio.length,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      storageKey,
      peaksKey,
    });
  }
  return stored;
}
