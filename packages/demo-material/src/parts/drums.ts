import type { Random } from '@mixdown/dsp';
import { BARS, FORM, frameAt } from '../song.ts';
import { decay, frames, rise } from '../synth/envelopes.ts';
import { stateVariable } from '../synth/filters.ts';
import { sine } from '../synth/oscillators.ts';
import { addMono, type Stereo } from '../synth/stereo.ts';

const noise = (random: Random) => () => random.next() * 2 - 1;

/** A sine that falls from 180 to 48 Hz within 60 ms, with a click of noise in front. */
function kick(track: Stereo, start: number, velocity: number, random: Random): void {
  const tone = sine();
  const white = noise(random);
  addMono(track, { start, frames: frames(0.42) }, (i) => {
    const body = tone(48 + 132 * decay(i, 0.12)) * decay(i, 0.5) * rise(i, 0.4);
    return velocity * (0.95 * Math.tanh(1.4 * body) + 0.18 * white() * decay(i, 0.012));
  });
}

/** Two tuned modes of the shell and filtered noise of the wires. */
function snare(track: Stereo, start: number, velocity: number, random: Random): void {
  const low = sine();
  const high = sine();
  const wires = stateVariable();
  const white = noise(random);
  addMono(track, { start, frames: frames(0.3), pan: 0.04 }, (i) => {
    const shell = (low(186 + 40 * decay(i, 0.03)) + 0.6 * high(331)) * decay(i, 0.16);
    const rattle = wires(white(), 4200, 0.7).band * decay(i, 0.26);
    return velocity * rise(i, 0.2) * (0.42 * shell + 0.62 * rattle);
  });
}

/** A clap: four bursts of band-passed noise, the last one long. */
function clap(track: Stereo, start: number, velocity: number, random: Random): void {
  const hands = stateVariable();
  const white = noise(random);
  addMono(track, { start, frames: frames(0.3), pan: -0.08 }, (i) => {
    const ms = i / 48;
    const burst = ms < 30 ? decay(i % 480, 0.016) : decay(i - 30 * 48, 0.2);
    return velocity * 0.75 * hands(white(), 1400, 1.1).band * burst;
  });
}

function hat(
  track: Stereo,
  start: number,
  velocity: number,
  random: Random,
  seconds: number,
): void {
  const metal = stateVariable();
  const white = noise(random);
  addMono(
    track,
    { start, frames: frames(seconds * 1.2), pan: 0.22 },
    (i) => velocity * 0.42 * rise(i, 0.3) * metal(white(), 8800, 0.9).high * decay(i, seconds),
  );
}

/** A crash at the start of each part: noise through two moving bands. */
function crash(track: Stereo, start: number, random: Random): void {
  for (const pan of [-0.5, 0.5]) {
    const metal = stateVariable();
    const white = noise(random);
    addMono(
      track,
      { start, frames: frames(2.4), pan },
      (i) => 0.2 * metal(white(), 5200, 0.6).high * decay(i, 2.2),
    );
  }
}

/** Kick on one and the "and" of three, snare and clap on the back beat, swung hats that breathe. */
export function drums(track: Stereo, random: Random): void {
  for (let bar = FORM.build; bar < BARS - 1; bar++) {
    const full = bar >= FORM.full && bar < FORM.outro;
    const fill = bar % 4 === 3;
    for (const [step, velocity] of full
      ? ([
          [0, 1],
          [6, 0.6],
          [10, 0.9],
        ] as const)
      : ([
          [0, 1],
          [8, 0.85],
        ] as const)) {
      kick(track, frameAt(bar, step), velocity, random);
    }
    if (bar >= FORM.build + 2) {
      for (const step of [4, 12]) {
        snare(track, frameAt(bar, step), 0.8, random);
        if (full) clap(track, frameAt(bar, step), 0.6, random);
      }
    }
    if (full && bar % 2 === 1) snare(track, frameAt(bar, 15), 0.22, random);
    for (let step = 0; step < 16; step++) {
      if (!full && step % 2 === 1) continue;
      const accent = step % 4 === 2 ? 0.95 : step % 2 === 0 ? 0.55 : 0.3;
      const open = full && step === 14 && bar % 2 === 1;
      hat(
        track,
        frameAt(bar, step),
        accent * (0.85 + 0.3 * random.next()),
        random,
        open ? 0.34 : 0.07,
      );
    }
    if (fill && full) {
      for (const [i, step] of [13, 14, 15].entries())
        snare(track, frameAt(bar, step), 0.4 + 0.15 * i, random);
    }
  }
  for (const bar of [FORM.build, FORM.full, 12, FORM.outro]) crash(track, frameAt(bar, 0), random);
  kick(track, frameAt(BARS, 0), 0.9, random);
}
