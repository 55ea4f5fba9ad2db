/** Audio files: writing exports, reading uploads; streaming, in constant memory. */
export { type OpenedAudio, openAudio } from './decode/open-audio.ts';
export { AUDIO_KINDS, type AudioKind } from './decode/sniff.ts';
export { encodeAudio } from './encode/encode-audio.ts';
export type { EncodeOptions } from './encode/options.ts';
