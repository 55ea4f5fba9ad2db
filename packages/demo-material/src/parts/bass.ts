import { BARS, chordOfBar, FORM, frameAt, hertzOf, SIXTEENTH } from '../song.ts';
import { decay, rise, swell } from '../synth/envelopes.ts';
import { stateVariable } from '../synth/filters.ts';
import { pulse, saw, sine } from '../synth/oscillators.ts';
import { addMono, type Stereo } from '../synth/stereo.ts';

/** [sixteenth, length in sixteenths, semitones above the root, velocity] */
const GROOVE = [
  [0, 3, 0, 1],
  [3, 1, 0, 0.6],
  [6, 2, 12, 0.75],
  [8, 2, 0, 0.9],
  [10, 1, 7, 0.65],
  [11, 1, 10, 0.5],
  [14, 2, 12, 0.7],
] as const;
const SIMPLE = [
  [0, 7, 0, 1],
  [8, 6, 0, 0.85],
  [14, 2, 7, 0.6],
] as const;

function note(track: Stereo, start: number, length: number, midi: number, velocity: number): void {
  const hertz = hertzOf(midi);
  const [sub, body, edge, filter] = [sine(), saw(0.25), pulse(0.6), stateVariable()];
  const total = Math.round(length * SIXTEENTH * 0.94);
  addMono(track, { start, frames: total }, (i) => {
    const bright = 130 + 1500 * velocity * decay(i, 0.34);
    const rich = filter(0.6 * body(hertz) + 0.3 * edge(hertz * 1.003, 0.42), bright, 1.3).low;
    return velocity * rise(i, 2) * swell(i, total, 0.001, 0.03) * (0.5 * sub(hertz) + 0.55 * rich);
  });
}

export function bass(track: Stereo): void {
  for (let bar = FORM.build; bar < BARS; bar++) {
    const full = bar >= FORM.full && bar < FORM.outro;
    const { root } = chordOfBar(bar);
    for (const [step, length, above, velocity] of full ? GROOVE : SIMPLE) {
      if (bar === BARS - 1 && step > 0) continue;
      note(track, frameAt(bar, step), length, root + above, 0.55 * velocity);
    }
  }
  note(track, frameAt(BARS, 0), 12, chordOfBar(BARS).root, 0.5);
}
