import { createRandom } from '@mixdown/dsp/random';
import type { DemoSlot, DemoSong } from './generate-demo.ts';
import { SAMPLE_RATE, TEMPO } from './song.ts';

const PALETTE: readonly DemoSlot[] = [
  { catalogId: 'mixdown.eq', params: { p1Gain: 3, highGain: -2 } },
  { catalogId: 'mixdown.compressor', params: { threshold: -24 } },
  { catalogId: 'mixdown.delay', params: { feedback: 40 }, mix: 0.3 },
  { catalogId: 'mixdown.reverb', params: { decay: 2.4 }, mix: 0.25 },
  { catalogId: 'mixdown.chorus', params: {}, mix: 0.5 },
  { catalogId: 'mixdown.saturator', params: { drive: 12 } },
  { catalogId: 'mixdown.phaser', params: {}, mix: 0.5 },
  { catalogId: 'mixdown.limiter', params: { ceiling: -2 } },
];

export interface LargeOptions {
  readonly tracks: number;
  /** Over all tracks, dealt round. */
  readonly plugins: number;
  readonly seconds: number;
}

/** A project of any size for benchmarks: pulsed, tuned noise on every track, effects dealt round. */
export function generateLarge({ tracks, plugins, seconds }: LargeOptions): DemoSong {
  const frames = Math.round(seconds * SAMPLE_RATE);
  return {
    tempo: TEMPO,
    sampleRate: SAMPLE_RATE,
    tracks: Array.from({ length: tracks }, (_, t) => {
      const random = createRandom(t + 1);
      const pulse = 9600 + 1200 * t;
      const audio = [0, 1].map(() => {
        let low = 0;
        return Float32Array.from({ length: frames }, (_, i) => {
          low += 0.08 * (random.next() * 2 - 1 - low);
          return 0.6 * low * Math.exp((-4 * (i % pulse)) / pulse);
        });
      });
      const chain = Array.from({ length: Math.ceil((plugins - t) / tracks) }, (_, k) => {
        return PALETTE[(t + k * tracks) % PALETTE.length] as DemoSlot;
      });
      return {
        name: `Track ${t + 1}`,
        color: 'slate' as const,
        gainDb: -12,
        pan: (t % 5) / 5 - 0.4,
        clips: [{ name: `Noise ${t + 1}`, startFrame: 0, audio }],
        chain,
      };
    }),
  };
}
