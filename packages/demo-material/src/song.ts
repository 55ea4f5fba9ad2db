/** The song's frame: tempo, form and harmony. A beat is a whole number of frames, so that every note starts on one. */
export const SAMPLE_RATE = 48_000;
export const TEMPO = 112.5;
export const BEAT = (SAMPLE_RATE * 60) / TEMPO;
export const BAR = 4 * BEAT;
export const SIXTEENTH = BEAT / 4;
export const BARS = 20;
/** The last chord rings for this long after the last bar. */
export const SONG_FRAMES = (BARS + 1) * BAR;

/** First bar of each part of the form. */
export const FORM = { intro: 0, build: 4, full: 8, outro: 16, end: 20 } as const;

interface Chord {
  /** MIDI note of the bass. */
  readonly root: number;
  /** MIDI notes of the pads' voicing; each leads to the next chord by small steps. */
  readonly voicing: readonly number[];
  /** MIDI notes that keys and lead may use, ascending. */
  readonly scale: readonly number[];
}

// A natural minor: vi9 – IVmaj9 – I(add9) – V6/9, in C.
const CHORDS: readonly Chord[] = [
  { root: 33, voicing: [57, 60, 64, 67, 71], scale: [57, 60, 64, 67, 69, 71, 72, 76] },
  { root: 29, voicing: [57, 60, 64, 65, 67], scale: [57, 60, 64, 65, 67, 69, 72, 76] },
  { root: 36, voicing: [55, 60, 62, 64, 67], scale: [55, 60, 62, 64, 67, 71, 72, 74] },
  { root: 31, voicing: [55, 59, 62, 64, 69], scale: [55, 59, 62, 64, 67, 69, 71, 74] },
];

/** The chord of a bar; the song ends on the tonic. */
export const chordOfBar = (bar: number): Chord =>
  (bar >= FORM.end ? CHORDS[2] : CHORDS[bar % 4]) as Chord;

/** Equal temperament, A4 = MIDI 69 = 440 Hz. */
export const hertzOf = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);

/** Off-beat sixteenths come late by this share of a sixteenth. */
export const SWING = 0.14;

/** Start of a sixteenth of a bar, in frames, with the swing. */
export const frameAt = (bar: number, sixteenth: number): number =>
  Math.round(bar * BAR + sixteenth * SIXTEENTH + (sixteenth % 2 === 1 ? SWING * SIXTEENTH : 0));
