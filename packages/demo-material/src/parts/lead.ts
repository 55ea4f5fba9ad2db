import { FORM, frameAt, hertzOf, SAMPLE_RATE, SIXTEENTH } from '../song.ts';
import { decay, rise, swell } from '../synth/envelopes.ts';
import { stateVariable } from '../synth/filters.ts';
import { pulse, saw } from '../synth/oscillators.ts';
import { addMono, type Stereo } from '../synth/stereo.ts';

/** [bar of the phrase, sixteenth, length in sixteenths, MIDI note, velocity]: four bars, answered by the next four. */
const CALL = [
  [0, 0, 6, 76, 0.9],
  [0, 6, 2, 74, 0.6],
  [0, 8, 6, 72, 0.8],
  [0, 14, 2, 71, 0.5],
  [1, 0, 8, 72, 0.85],
  [1, 10, 2, 69, 0.6],
  [1, 12, 4, 67, 0.7],
  [2, 0, 6, 67, 0.8],
  [2, 6, 2, 69, 0.55],
  [2, 8, 8, 72, 0.9],
  [3, 2, 4, 74, 0.75],
  [3, 6, 2, 76, 0.6],
  [3, 8, 8, 74, 0.85],
] as const;
const ANSWER = [
  [0, 0, 6, 76, 0.9],
  [0, 6, 2, 79, 0.65],
  [0, 8, 8, 81, 0.95],
  [1, 0, 4, 79, 0.8],
  [1, 4, 4, 76, 0.7],
  [1, 8, 8, 72, 0.8],
  [2, 0, 4, 74, 0.75],
  [2, 4, 4, 76, 0.8],
  [2, 8, 4, 79, 0.85],
  [2, 12, 4, 76, 0.7],
  [3, 0, 12, 74, 0.9],
] as const;

/** A singing mono voice: saw and a thin pulse through a soft filter, vibrato that comes in late. */
function note(track: Stereo, start: number, length: number, midi: number, velocity: number): void {
  const [a, b, filter] = [saw(), pulse(0.5), stateVariable()];
  const total = Math.round(length * SIXTEENTH * 0.98);
  const base = hertzOf(midi);
  addMono(track, { start, frames: total }, (i) => {
    const late = Math.min(1, i / (0.45 * SAMPLE_RATE));
    const hertz = base * (1 + 0.0055 * late * Math.sin((2 * Math.PI * 5.2 * i) / SAMPLE_RATE));
    const tone = 0.6 * a(hertz) + 0.35 * b(hertz * 1.002, 0.3);
    const soft = filter(tone, 900 + 2600 * velocity * (0.35 + 0.65 * decay(i, 0.7)), 1.1).low;
    return 0.34 * velocity * rise(i, 6) * swell(i, total, 0.012, 0.05) * soft;
  });
}

export function lead(track: Stereo): void {
  for (const [first, phrase] of [
    [FORM.full, CALL],
    [FORM.full + 4, ANSWER],
  ] as const) {
    for (const [bar, step, length, midi, velocity] of phrase) {
      note(track, frameAt(first + bar, step), length, midi, velocity);
    }
  }
}
