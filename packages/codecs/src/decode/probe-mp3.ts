import { type MpegHeader, parseMpegHeader } from '../mpeg/frame-header.ts';
import { type InfoFrame, parseInfoFrame } from '../mpeg/info-frame.ts';
import { type AudioInfo, corrupt } from './decoded.ts';
import type { Source } from './source.ts';

const HEAD_BYTES = 4096;

export interface Mp3Info extends AudioInfo {
  readonly header: MpegHeader;
  readonly infoFrame: InfoFrame | null;
}

/** Length of the sound between the encoder's delay and padding; null = the file does not say. */
function statedFrames(header: MpegHeader, info: InfoFrame | null): number | null {
  if (info?.frameCount == null) return null;
  return Math.max(0, info.frameCount * header.frames - (info.delay ?? 0) - (info.padding ?? 0));
}

export async function probeMp3(source: Source, start: number): Promise<Mp3Info> {
  const head = await source.read(start, HEAD_BYTES);
  const header = parseMpegHeader(head, 0);
  if (!header) throw corrupt('The MP3 file holds no audio that can be found.');
  const infoFrame = head.length >= header.bytes ? parseInfoFrame(head, 0, header) : null;
  const { sampleRate, channels } = header;
  return { sampleRate, channels, frames: statedFrames(header, infoFrame), header, infoFrame };
}
