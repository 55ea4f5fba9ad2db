import type { ParamValues, Project, Track } from '@mixdown/contract';
import { createRandom } from '@mixdown/dsp/random';
import { CHAINS } from './chains.ts';
import { bass } from './parts/bass.ts';
import { drums } from './parts/drums.ts';
import { keys } from './parts/keys.ts';
import { lead } from './parts/lead.ts';
import { pads } from './parts/pads.ts';
import { percussion } from './parts/percussion.ts';
import { BAR, FORM, SAMPLE_RATE, SONG_FRAMES, TEMPO } from './song.ts';
import { type Stereo, silence } from './synth/stereo.ts';

export interface DemoSlot {
  readonly catalogId: string;
  readonly params: ParamValues;
  readonly bypassed?: boolean;
  /** Wet share; where it is missing, the catalog's. */
  readonly mix?: number;
  /** A plugin's own state, base64; only for the slot whose plugin does not exist. */
  readonly state?: string;
}

export interface DemoTrack extends Pick<Track, 'name' | 'color' | 'gainDb' | 'pan'> {
  /** Audio is planar, one or two channels; `startFrame` on the timeline. */
  readonly clips: readonly {
    readonly name: string;
    readonly startFrame: number;
    readonly audio: Float32Array[];
  }[];
  readonly chain: readonly DemoSlot[];
}

export interface DemoSong {
  readonly tempo: number;
  readonly sampleRate: Project['sampleRate'];
  readonly tracks: readonly DemoTrack[];
}

/** One seed per part, so that a change in one leaves the others as they are. */
const SEED = 20260125;

type Section = readonly [name: string, fromBar: number, toBar: number];
const END = SONG_FRAMES / BAR;

interface Part extends Pick<Track, 'name' | 'color' | 'gainDb' | 'pan'> {
  readonly play: (track: Stereo, random: ReturnType<typeof createRandom>) => void;
  readonly channels: 1 | 2;
  /** Clips that the part is cut into, in bars; together they hold every sample that is not silence. */
  readonly sections: readonly Section[];
}

const PARTS: readonly Part[] = [
  {
    name: 'Drums',
    color: 'rose',
    gainDb: -2,
    pan: 0,
    play: drums,
    channels: 2,
    sections: [
      ['Build', FORM.build, FORM.full],
      ['Full', FORM.full, FORM.outro],
      ['Outro', FORM.outro, END],
    ],
  },
  {
    name: 'Bass',
    color: 'amber',
    gainDb: -3,
    pan: 0,
    play: bass,
    channels: 1,
    sections: [
      ['Build', FORM.build, FORM.full],
      ['Groove', FORM.full, FORM.outro],
      ['Outro', FORM.outro, END],
    ],
  },
  {
    name: 'Pads',
    color: 'teal',
    gainDb: -1.5,
    pan: 0,
    play: pads,
    channels: 2,
    sections: [
      ['Chords', 0, FORM.full],
      ['Chords open', FORM.full, END],
    ],
  },
  {
    name: 'Keys',
    color: 'sky',
    gainDb: -2,
    pan: -0.1,
    play: keys,
    channels: 2,
    sections: [
      ['Figure', 0, FORM.full],
      ['Figure full', FORM.full, FORM.outro],
      ['Last chord', FORM.outro, END],
    ],
  },
  {
    name: 'Lead',
    color: 'violet',
    gainDb: -2.5,
    pan: 0.06,
    play: lead,
    channels: 1,
    sections: [
      ['Call', FORM.full, FORM.full + 4],
      ['Answer', FORM.full + 4, FORM.outro],
    ],
  },
  {
    name: 'Percussion',
    color: 'lime',
    gainDb: -0.5,
    pan: 0.12,
    play: percussion,
    channels: 2,
    sections: [
      ['Shaker', 2, FORM.full],
      ['All', FORM.full, END],
    ],
  },
];

function cut(part: Part, sound: Stereo, [name, from, to]: Section) {
  const range = [from * BAR, to * BAR] as const;
  const left = sound.left.slice(...range);
  // Both sides of a centred sound are equal but for the pan law's 3 dB.
  const audio =
    part.channels === 1 ? [left.map((x) => x * Math.SQRT2)] : [left, sound.right.slice(...range)];
  return { name: `${part.name} ${name}`, startFrame: range[0], audio };
}

/**
 * The demo song: 48 kHz, 112.5 beats per minute, 21 bars (45 s), six tracks. The same samples every time.
 * Takes about a second.
 */
export function generateDemo(): DemoSong {
  const tracks = PARTS.map((part, i): DemoTrack => {
    const sound = silence(SONG_FRAMES);
    part.play(sound, createRandom(SEED + i));
    const { name, color, gainDb, pan } = part;
    return {
      name,
      color,
      gainDb,
      pan,
      clips: part.sections.map((section) => cut(part, sound, section)),
      chain: CHAINS[part.name] ?? [],
    };
  });
  return { tempo: TEMPO, sampleRate: SAMPLE_RATE, tracks };
}
