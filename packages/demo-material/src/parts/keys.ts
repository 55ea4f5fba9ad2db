import type { Random } from '@mixdown/dsp';
import { BARS, chordOfBar, FORM, frameAt, hertzOf } from '../song.ts';
import { decay, frames, rise } from '../synth/envelopes.ts';
import { sine } from '../synth/oscillators.ts';
import { addMono, type Stereo } from '../synth/stereo.ts';

/** Steps of the chord's scale, over two bars. */
const FIGURE = [0, 2, 3, 5, 4, 2, 6, 3, 1, 3, 5, 7, 4, 3, 2, 4];

/** An electric piano by frequency modulation: a tine an octave and a seventh up, and a body that rings longer. */
function tine(track: Stereo, start: number, midi: number, velocity: number, pan: number): void {
  const hertz = hertzOf(midi);
  const [body, bodyMod, bell, bellMod] = [sine(), sine(), sine(0.3), sine()];
  addMono(track, { start, frames: frames(1.25), pan }, (i) => {
    const mellow = body(hertz, 0.16 * velocity * bodyMod(hertz) * decay(i, 1.1));
    const metal = bell(hertz, 0.11 * velocity * bellMod(hertz * 14) * decay(i, 0.22));
    return velocity * rise(i, 1.5) * decay(i, 1.5) * (0.72 * mellow + 0.3 * metal);
  });
}

export function keys(track: Stereo, random: Random): void {
  for (let bar = 0; bar < BARS; bar++) {
    const { scale } = chordOfBar(bar);
    const full = bar >= FORM.full && bar < FORM.outro;
    for (let k = 0; k < 8; k++) {
      // The intro leaves air; the full part fills in.
      if (bar < FORM.build && (k === 3 || k === 6)) continue;
      const degree = FIGURE[((bar % 2) * 8 + k) % FIGURE.length] as number;
      const midi = (scale[degree % scale.length] as number) + 12;
      const velocity =
        (k % 2 === 0 ? 0.3 : 0.22) * (0.85 + 0.3 * random.next()) * (full ? 1.1 : 0.9);
      tine(track, frameAt(bar, k * 2), midi, velocity, k % 2 === 0 ? -0.35 : 0.35);
    }
  }
  for (const [i, midi] of [60, 64, 67, 71, 74].entries()) {
    tine(track, frameAt(BARS, 0) + i * 1400, midi, 0.26, (i - 2) * 0.3);
  }
}
