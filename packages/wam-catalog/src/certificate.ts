import { z } from 'zod';

/** What was tried, in the words of the report. Every one must hold for a certificate to exist. */
export const CERTIFIED = [
  'loads without a browser',
  'every parameter at both ends, and corners of all of them, stay finite with noise at +20 dB',
  'is not silent at its defaults',
  'puts out silence for silence',
  'two instances are bit-identical',
  'values given at creation hold from the first frame, bit for bit',
  'a reset restores the first state, bit for bit',
  'a constant parameter array changes nothing, bit for bit',
  'one channel in is the same as that channel on both sides',
  'dies away within the tail that it states',
  'adds no DC',
] as const;

/** Proof that one build of a plugin was put to the test. Only the very files with this integrity are meant. */
export const Certificate = z.strictObject({
  id: z.string(),
  version: z.string(),
  /** The catalog's tree hash. */
  integrity: z.string(),
  certified: z.array(z.enum(CERTIFIED)),
  sampleRates: z.array(z.int()),
  /** Frames, by rate. */
  latencyFrames: z.record(z.string(), z.int()),
  /** Seconds until −90 dB below the peak at the settings with the longest tail, and what the catalog states. */
  tail: z.strictObject({ measuredSeconds: z.number(), statedSeconds: z.number() }),
  /** Highest peak that noise at +20 dB came out with, dBFS. */
  extremePeakDb: z.number(),
  /** Of the machine that certified: microseconds for 128 frames, and their share of real time at 48 kHz. */
  cost: z.strictObject({ microsecondsPerQuantum: z.number(), share: z.number() }),
});
export type Certificate = z.infer<typeof Certificate>;
