import { refuse } from '@mixdown/contract/errors';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { type Decoded, verified } from './decode-flac.ts';
import { type Blocks, corrupt } from './decoded.ts';
import { oggPages } from './ogg-pages.ts';
import { type OggInfo, type OggKind, probeOgg } from './probe-ogg.ts';
import { type Source, streamSource } from './source.ts';

interface PageDecoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush(): Promise<Decoded>;
  free(): void;
}

const createDecoder = (kind: OggKind): PageDecoder => {
  switch (kind) {
    case 'ogg-vorbis':
      return new OggVorbisDecoder();
    case 'ogg-opus':
      return new OggOpusDecoder();
    case 'ogg-flac':
      return new FLACDecoder();
  }
};

/** Decoded audio, and where the sound ends if that is known by now (in granules). */
type DecodedPage = Decoded & { readonly end: number };

/** Feeds page after page; refuses files that hold more than one stream. */
async function* decodedPages(
  source: Source,
  start: number,
  decoder: PageDecoder,
): AsyncGenerator<DecodedPage> {
  let serial: number | null = null;
  let end = Number.POSITIVE_INFINITY;
  for await (const page of oggPages(source, start)) {
    if (serial !== null && page.serial !== serial)
      throw refuse(
        'asset_unsupported',
        'The Ogg file holds several streams; save the one with the audio as a file of its own.',
      );
    serial = page.serial;
    if (page.isLast && page.granule >= 0n) end = Number(page.granule);
    yield { ...(await decoder.decode(page.bytes)), end };
  }
  yield { ...(await decoder.flush()), end };
}

async function* trimmed(
  { preSkip, gain, sampleRate }: OggInfo,
  pages: AsyncIterable<DecodedPage>,
): AsyncGenerator<Float32Array[]> {
  let frames = 0;
  for await (const { channelData, errors, sampleRate: rate, end } of pages) {
    const length = channelData[0]?.length ?? 0;
    if (errors.length > 0) throw corrupt('The Ogg file is damaged: a part cannot be decoded.');
    if (length > 0 && rate !== sampleRate)
      throw corrupt('The Ogg file’s sample rate changes in the middle.');
    // The last packet is padded: the last page says where the sound ends within it.
    const kept = Math.max(0, Math.min(length, end - preSkip - frames));
    frames += kept;
    yield channelData.map((samples) => {
      const block = samples.subarray(0, kept);
      return gain === 1 ? block : block.map((x) => x * gain);
    });
  }
}

/** Decodes Ogg Vorbis, Opus or FLAC page by page; start and end are trimmed as the stream says. */
export const decodeOgg = (path: string, start: number, kind: OggKind): Blocks =>
  streamSource(path, async function* (source) {
    const info = await probeOgg(source, start, kind);
    const decoder = createDecoder(kind);
    await decoder.ready;
    try {
      const pages = decodedPages(source, start, decoder);
      yield* info.flac ? verified(info.flac, pages) : trimmed(info, pages);
    } finally {
      decoder.free();
    }
  });
