import { definePlugin } from '../src/definition.ts';
import { choice, decibels, hertz, toggle } from '../src/overlays.ts';

export default definePlugin({
  id: 'mixdown.saturator',
  folder: 'saturator',
  name: 'Saturator',
  version: '1.0.0',
  category: 'distortion',
  description: 'Adds harmonics, from a little warmth to folded fuzz, oversampled against aliasing.',
  keywords: [
    'saturator',
    'saturation',
    'distortion',
    'overdrive',
    'drive',
    'warm',
    'warmth',
    'tape',
    'tube',
    'clipper',
    'fuzz',
    'harmonics',
    'grit',
    'wavefolder',
  ],
  parameters: [
    decibels({ id: 'drive', label: 'Drive', group: 'Drive', min: 0, max: 36, default: 8 }),
    choice({
      id: 'shape',
      label: 'Shape',
      group: 'Drive',
      choices: ['Soft', 'Tube', 'Hard', 'Fold'],
      default: 0,
    }),
    hertz({ id: 'tone', label: 'Tone', group: 'Output', min: 1000, max: 20_000, default: 20_000 }),
    toggle({ id: 'auto', label: 'Auto level', group: 'Output', default: 1 }),
    decibels({ id: 'output', label: 'Output', group: 'Output', min: -24, max: 12, default: 0 }),
  ],
  latencyProbe: { params: { drive: 0, tone: 20_000 } },
  tail: { params: { drive: 36, auto: 0 }, seconds: 0.3 },
});
