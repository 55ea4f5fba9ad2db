import { decodeInThread } from './decode-in-thread.ts';
import { decodeWav, probeWav } from './decode-wav.ts';
import { type AudioInfo, checkBlocks, checkInfo } from './decoded.ts';
import { identify } from './identify.ts';
import { probeFlac } from './probe-flac.ts';
import { probeMp3 } from './probe-mp3.ts';
import { probeOgg } from './probe-ogg.ts';
import type { AudioKind } from './sniff.ts';
import { type Source, withSource } from './source.ts';

export interface OpenedAudio {
  readonly format: 'wav' | 'flac' | 'mp3' | 'ogg';
  readonly codec: AudioKind;
  /** Hz, 8000 … 192,000. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** As the file states it; null = only decoding will tell. */
  readonly frames: number | null;
  /**
   * Decodes from the start, in planar blocks of at least one frame and of any length. Each call decodes anew; what it
   * opens is closed when the iteration ends or is left.
   */
  blocks(): AsyncIterable<Float32Array[]>;
}

function probe(source: Source, kind: AudioKind, start: number): Promise<AudioInfo> {
  switch (kind) {
    case 'wav':
      return probeWav(source, start);
    case 'flac':
      return probeFlac(source, start);
    case 'mp3':
      return probeMp3(source, start);
    default:
      return probeOgg(source, start, kind);
  }
}

const FORMATS = {
  wav: 'wav',
  flac: 'flac',
  mp3: 'mp3',
  'ogg-vorbis': 'ogg',
  'ogg-opus': 'ogg',
  'ogg-flac': 'ogg',
} as const satisfies Record<AudioKind, OpenedAudio['format']>;

/** What the file is and what its head says, checked; refuses as `openAudio` does. */
export async function identifyFile(
  path: string,
  o: { fileName: string; maxSeconds: number },
): Promise<{ kind: AudioKind; start: number; info: AudioInfo }> {
  const identified = await withSource(path, async (source) => {
    const content = await identify(source, o.fileName);
    return { ...content, info: await probe(source, content.kind, content.start) };
  });
  checkInfo(identified.info, o.maxSeconds);
  return identified;
}

/**
 * Recognises an audio file by its content and makes it ready for decoding in constant memory. Nothing stays open.
 *
 * Refuses (RefusedError) `asset_empty`, `asset_mislabelled`, `asset_unsupported`, `asset_too_long` and, as far as the
 * head shows it, `asset_corrupt`; damage further on is refused by `blocks()`. Throws what the file system throws.
 */
export async function openAudio(
  path: string,
  o: { fileName: string; maxSeconds: number },
): Promise<OpenedAudio> {
  const { kind, start, info } = await identifyFile(path, o);
  const { sampleRate, channels, frames } = info;
  return {
    format: FORMATS[kind],
    codec: kind,
    sampleRate,
    channels: channels as 1 | 2,
    frames,
    blocks: () =>
      checkBlocks(
        kind === 'wav' ? decodeWav(path, start) : decodeInThread({ path, start, kind }),
        info,
        o.maxSeconds,
      ),
  };
}
