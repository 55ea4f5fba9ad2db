/** How samples are stored: whole numbers of 16 or 24 bits, or 32-bit float. */
export type WavBitDepth = 16 | 24 | '32f';

export interface WavLayout {
  sampleRate: number;
  channels: number;
  bitDepth: WavBitDepth;
  frames: number;
}

export const wavBytesPerSample = (bitDepth: WavBitDepth): number =>
  bitDepth === '32f' ? 4 : bitDepth / 8;

const PCM = 1;
const IEEE_FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** What a 32-bit size field says when the real size stands in `ds64` (EBU Tech 3306). */
const IN_DS64 = 0xffffffff;
/** KSDATAFORMAT_SUBTYPE_…: the format tag, then this. */
export const SUBTYPE_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71] as const;

/** Speaker masks: mono is the front centre; stereo front left and right. */
const channelMask = (channels: number) => (channels === 1 ? 0x4 : 2 ** channels - 1);

type Field = string | { u16: number } | { u32: number } | { u64: number } | readonly number[];

function bytesOf(fields: readonly Field[]): Uint8Array {
  const out: number[] = [];
  const little = (value: number, bytes: number) => {
    for (let i = 0; i < bytes; i++) out.push(Math.floor(value / 256 ** i) % 256);
  };
  for (const field of fields) {
    if (typeof field === 'string') out.push(...[...field].map((c) => c.charCodeAt(0)));
    else if ('u16' in field) little(field.u16, 2);
    else if ('u32' in field) little(field.u32, 4);
    else if ('u64' in field) little(field.u64, 8);
    else out.push(...field);
  }
  return Uint8Array.from(out);
}

function formatChunk({ sampleRate, channels, bitDepth }: WavLayout): Uint8Array {
  const sampleBytes = wavBytesPerSample(bitDepth);
  const common = (tag: number): Field[] => [
    { u16: tag },
    { u16: channels },
    { u32: sampleRate },
    { u32: sampleRate * channels * sampleBytes },
    { u16: channels * sampleBytes },
    { u16: 8 * sampleBytes },
  ];
  // The plain tag is defined for up to 16 bits and two channels; beyond that the extensible form is asked for.
  if (bitDepth === '32f') return bytesOf(['fmt ', { u32: 18 }, ...common(IEEE_FLOAT), { u16: 0 }]);
  if (bitDepth === 16 && channels <= 2) return bytesOf(['fmt ', { u32: 16 }, ...common(PCM)]);
  return bytesOf([
    'fmt ',
    { u32: 40 },
    ...common(EXTENSIBLE),
    { u16: 22 },
    { u16: 8 * sampleBytes },
    { u32: channelMask(channels) },
    { u16: PCM },
    SUBTYPE_TAIL,
  ]);
}

/** Zero bytes to write after the samples: chunks have an even length. */
export const wavPadding = (o: WavLayout): number =>
  (o.frames * o.channels * wavBytesPerSample(o.bitDepth)) % 2;

/**
 * Everything of a WAV file that stands before its samples: RIFF, or RF64 (EBU Tech 3306) where the file passes 4 GiB.
 * Samples follow interleaved, little-endian, then `wavPadding` zero bytes.
 */
export function encodeWavHeader(o: WavLayout): Uint8Array {
  const dataBytes = o.frames * o.channels * wavBytesPerSample(o.bitDepth);
  const format = formatChunk(o);
  const hasFact = o.bitDepth === '32f';
  const bodyBytes = 4 + format.length + (hasFact ? 12 : 0) + 8 + dataBytes + wavPadding(o);
  const large = bodyBytes >= IN_DS64;
  const fact: Field[] = hasFact ? ['fact', { u32: 4 }, { u32: Math.min(o.frames, IN_DS64) }] : [];
  const size64: Field[] = large
    ? [
        'ds64',
        { u32: 28 },
        { u64: bodyBytes + 36 },
        { u64: dataBytes },
        { u64: o.frames },
        { u32: 0 },
      ]
    : [];
  return bytesOf([
    large ? 'RF64' : 'RIFF',
    { u32: large ? IN_DS64 : bodyBytes },
    'WAVE',
    ...size64,
    [...format],
    ...fact,
    'data',
    { u32: large ? IN_DS64 : dataBytes },
  ]);
}
