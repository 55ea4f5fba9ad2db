import { definePlugin } from '../src/definition.ts';
import { hertz, millisecondsFromZero, percent, seconds } from '../src/overlays.ts';

export default definePlugin({
  id: 'mixdown.reverb',
  folder: 'reverb',
  name: 'Reverb',
  version: '1.0.0',
  category: 'reverb',
  description:
    'Rooms to cathedrals: a true decay time, size, damping, pre-delay and early reflections.',
  keywords: [
    'reverb',
    'room',
    'hall',
    'plate',
    'space',
    'ambience',
    'cathedral',
    'tail',
    'depth',
    'wide',
    'echo',
  ],
  defaultMix: 0.25,
  parameters: [
    seconds({ id: 'decay', label: 'Decay', group: 'Room', min: 0.2, max: 20, default: 1.8 }),
    percent({ id: 'size', label: 'Size', group: 'Room', min: 0, max: 100, default: 60 }),
    millisecondsFromZero({
      id: 'preDelay',
      label: 'Pre-delay',
      group: 'Room',
      min: 0,
      max: 250,
      default: 15,
    }),
    percent({ id: 'early', label: 'Reflections', group: 'Room', min: 0, max: 100, default: 40 }),
    percent({ id: 'motion', label: 'Motion', group: 'Room', min: 0, max: 100, default: 30 }),
    hertz({ id: 'damp', label: 'Damping', group: 'Tone', min: 1000, max: 20_000, default: 6000 }),
    hertz({ id: 'lowCut', label: 'Low cut', group: 'Tone', min: 20, max: 1000, default: 120 }),
    hertz({
      id: 'highCut',
      label: 'High cut',
      group: 'Tone',
      min: 1000,
      max: 20_000,
      default: 14_000,
    }),
    percent({ id: 'width', label: 'Width', group: 'Stereo', min: 0, max: 200, default: 100 }),
  ],
  latencyProbe: {
    params: { preDelay: 100, size: 0, early: 100, lowCut: 20, highCut: 20_000, width: 100 },
    wantedFrames: (sampleRate) =>
      Math.round(0.1 * sampleRate) + Math.floor((3.1 * 0.25 * sampleRate) / 1000),
  },
  tail: { params: { decay: 20, size: 100, damp: 20_000, lowCut: 20, preDelay: 250 }, seconds: 28 },
});
