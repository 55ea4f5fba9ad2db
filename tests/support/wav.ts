/** The samples of a 32-bit float WAV file, planar, and its rate in Hz. Throws if it is anything else. */
export function readFloatWav(file: Buffer): { sampleRate: number; channels: Float32Array[] } {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('not a WAV file');
  }
  let sampleRate = 0;
  let count = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ') {
      const tag = file.readUInt16LE(body);
      const format = tag === 0xfffe ? file.readUInt16LE(body + 24) : tag;
      if (format !== 3 || file.readUInt16LE(body + 14) !== 32) throw new Error('not 32-bit float');
      count = file.readUInt16LE(body + 2);
      sampleRate = file.readUInt32LE(body + 4);
    }
    if (name === 'data') {
      const frames = size / 4 / count;
      const channels = Array.from({ length: count }, (_, c) =>
        Float32Array.from({ length: frames }, (_, i) =>
          file.readFloatLE(body + (i * count + c) * 4),
        ),
      );
      return { sampleRate, channels };
    }
    at = body + size + (size % 2);
  }
  throw new Error('no data in the WAV file');
}
