import type { ExportOptions } from '@mixdown/contract';

export type Stage = 'rendering' | 'encoding' | 'uploading';

/** Seconds of audio per second of work, as measured on two cores; only their ratio matters here. */
const SPEED = {
  render: 20,
  resample: 150,
  meter: 120,
  wav: 500,
  flac: 180,
  mp3: 50,
  opus: 35,
  upload: 300,
};

/** The share of the whole that each stage takes; they add up to 1. */
export function stageWeights(
  options: Pick<ExportOptions, 'format' | 'normalize' | 'sampleRate'>,
  projectRate: number,
): Record<Stage, number> {
  const resample = options.sampleRate === projectRate ? 0 : 1 / SPEED.resample;
  const rendering = 1 / SPEED.render + 1 / SPEED.meter + resample;
  // Normalised audio is measured once more on its way into the encoder.
  const encoding = 1 / SPEED[options.format] + (options.normalize ? 1 / SPEED.meter : 0);
  const uploading = 1 / SPEED.upload;
  const sum = rendering + encoding + uploading;
  return { rendering: rendering / sum, encoding: encoding / sum, uploading: uploading / sum };
}
