import type { Random } from '@mixdown/dsp';
import { BAR, BARS, chordOfBar, hertzOf, SAMPLE_RATE, SONG_FRAMES } from '../song.ts';
import { swell } from '../synth/envelopes.ts';
import { stateVariable } from '../synth/filters.ts';
import { polyBlep } from '../synth/oscillators.ts';
import { type Stereo, silence } from '../synth/stereo.ts';

/** Cents by which the three saws of a voice stand apart, and where they stand. */
const UNISON = [
  [-7, -0.75],
  [0, 0],
  [6, 0.75],
] as const;

/** Chords of slow, detuned saws; one filter per side opens over the song. */
export function pads(track: Stereo, random: Random): void {
  const raw = silence(SONG_FRAMES);
  // Each chord overlaps the next, so that there is never a hole between them.
  const frames = Math.round(BAR * 1.16);
  const level = Float32Array.from({ length: frames }, (_, i) => 0.05 * swell(i, frames, 0.28, 0.4));
  for (let bar = 0; bar <= BARS; bar++) {
    for (const midi of chordOfBar(bar).voicing) {
      for (const [cents, pan] of UNISON) {
        const hertz = hertzOf(midi) * 2 ** (cents / 1200);
        addSaw(raw, { start: bar * BAR, level, hertz, pan, phase: random.next() });
      }
    }
  }
  for (const side of ['left', 'right'] as const) {
    const filter = stateVariable();
    const slope = stateVariable();
    const drift = side === 'left' ? 0 : 0.4;
    for (let i = 0; i < SONG_FRAMES; i++) {
      const open = Math.min(1, i / (12 * BAR));
      const sway = Math.sin((2 * Math.PI * i) / (2 * BAR) + drift);
      const hertz = 520 + 2100 * open * open + 160 * sway;
      const warm = filter(raw[side][i] as number, hertz, 0.8).low;
      track[side][i] = slope(warm, 150, 0.7).high;
    }
  }
}

/** The same as adding `saw` frame by frame, but as one loop: the chords are three quarters of the song's samples. */
function addSaw(
  target: Stereo,
  {
    start,
    level,
    hertz,
    pan,
    phase,
  }: { start: number; level: Float32Array; hertz: number; pan: number; phase: number },
): void {
  const { left, right } = target;
  const toLeft = Math.cos(((pan + 1) * Math.PI) / 4);
  const toRight = Math.sin(((pan + 1) * Math.PI) / 4);
  const dt = hertz / SAMPLE_RATE;
  const end = Math.min(level.length, left.length - start);
  let t = phase;
  for (let i = 0; i < end; i++) {
    t += dt;
    if (t >= 1) t -= 1;
    const x = (2 * t - 1 - polyBlep(t, dt)) * (level[i] as number);
    left[start + i] = (left[start + i] as number) + x * toLeft;
    right[start + i] = (right[start + i] as number) + x * toRight;
  }
}
