import type { Random } from '@mixdown/dsp';
import { BARS, frameAt } from '../song.ts';
import { decay, frames, rise } from '../synth/envelopes.ts';
import { stateVariable } from '../synth/filters.ts';
import { sine } from '../synth/oscillators.ts';
import { addMono, type Stereo } from '../synth/stereo.ts';

function shaker(track: Stereo, start: number, velocity: number, random: Random): void {
  const seeds = stateVariable();
  addMono(track, { start, frames: frames(0.11), pan: -0.4 }, (i) => {
    const grain = seeds(random.next() * 2 - 1, 6400, 1.4).band;
    return 0.3 * velocity * rise(i, 14) * decay(i, 0.1) * grain;
  });
}

/** A conga: a skin that falls a little in pitch, with the slap of the hand. */
function conga(
  track: Stereo,
  start: number,
  hertz: number,
  velocity: number,
  pan: number,
  random: Random,
): void {
  const skin = sine();
  const slap = stateVariable();
  addMono(track, { start, frames: frames(0.4), pan }, (i) => {
    const tone = skin(hertz * (1 + 0.22 * decay(i, 0.05))) * decay(i, 0.34);
    return (
      0.42 *
      velocity *
      rise(i, 0.5) *
      (tone + 0.4 * slap(random.next() * 2 - 1, 2600, 0.8).band * decay(i, 0.02))
    );
  });
}

function rim(track: Stereo, start: number, velocity: number): void {
  const [a, b] = [sine(), sine(0.2)];
  addMono(
    track,
    { start, frames: frames(0.07), pan: 0.5 },
    (i) => 0.4 * velocity * rise(i, 0.2) * (a(1720) + 0.7 * b(2510)) * decay(i, 0.05),
  );
}

export function percussion(track: Stereo, random: Random): void {
  for (let bar = 2; bar < BARS; bar++) {
    for (let step = 0; step < 16; step++) {
      const accent = step % 4 === 0 ? 0.5 : step % 4 === 2 ? 0.95 : 0.35;
      shaker(track, frameAt(bar, step), accent * (0.85 + 0.3 * random.next()), random);
    }
    for (const [step, hertz, velocity, pan] of [
      [3, 210, 0.7, 0.15],
      [6, 210, 0.5, 0.15],
      [7, 156, 0.8, 0.4],
      [10, 156, 0.55, 0.4],
      [14, 236, 0.6, 0.05],
    ] as const) {
      if (bar % 4 !== 0 || step > 4) conga(track, frameAt(bar, step), hertz, velocity, pan, random);
    }
    if (bar % 2 === 1) rim(track, frameAt(bar, 11), 0.6);
  }
}
