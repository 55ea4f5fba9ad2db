import { definePlugin } from '../src/definition.ts';
import { choice, decibels, hertz, quality, toggle } from '../src/overlays.ts';

const BUTTERWORTH_Q = 0.71;

const gain = (id: string, group: string) =>
  decibels({ id, label: 'Gain', group, min: -24, max: 24, default: 0 });
const q = (id: string, group: string) =>
  quality({ id, label: 'Q', group, min: 0.1, max: 18, default: 1 });
/** Shelves and cuts: beyond this they whistle. */
const edgeQ = (id: string, group: string) =>
  quality({ id, label: 'Q', group, min: 0.1, max: 4, default: BUTTERWORTH_Q });
const on = (id: string, group: string) => toggle({ id, label: 'On', group, default: 1 });
const freq = (id: string, group: string, initial: number) =>
  hertz({ id, label: 'Frequency', group, min: 20, max: 20_000, default: initial });

export default definePlugin({
  id: 'mixdown.eq',
  folder: 'eq',
  name: 'Equaliser',
  version: '1.0.0',
  category: 'eq',
  description:
    'Four bands for shaping a track: low shelf or low cut, two peaks, high shelf or high cut.',
  keywords: [
    'eq',
    'equalizer',
    'parametric',
    'shelf',
    'peak',
    'bell',
    'low cut',
    'high cut',
    'high-pass',
    'low-pass',
    'filter',
    'tone',
    'bright',
    'warm',
    'mud',
  ],
  parameters: [
    on('lowOn', 'Low'),
    choice({
      id: 'lowType',
      label: 'Shape',
      group: 'Low',
      choices: ['Shelf', 'Cut 12 dB', 'Cut 24 dB'],
      default: 0,
    }),
    freq('lowFreq', 'Low', 90),
    gain('lowGain', 'Low'),
    edgeQ('lowQ', 'Low'),
    on('p1On', 'Low mid'),
    freq('p1Freq', 'Low mid', 400),
    gain('p1Gain', 'Low mid'),
    q('p1Q', 'Low mid'),
    on('p2On', 'High mid'),
    freq('p2Freq', 'High mid', 2500),
    gain('p2Gain', 'High mid'),
    q('p2Q', 'High mid'),
    on('highOn', 'High'),
    choice({
      id: 'highType',
      label: 'Shape',
      group: 'High',
      choices: ['Shelf', 'Cut 12 dB', 'Cut 24 dB'],
      default: 0,
    }),
    freq('highFreq', 'High', 8000),
    gain('highGain', 'High'),
    edgeQ('highQ', 'High'),
    decibels({ id: 'output', label: 'Output', group: 'Output', min: -24, max: 24, default: 0 }),
  ],
  latencyProbe: { params: {} },
  tail: {
    params: { p1Freq: 20, p1Gain: 24, p1Q: 18, p2Freq: 20, p2Gain: 24, p2Q: 18 },
    seconds: 16,
  },
});
