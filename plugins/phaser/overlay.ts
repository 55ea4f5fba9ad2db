import { definePlugin } from '../src/definition.ts';
import { choice, degrees, hertz, percent } from '../src/overlays.ts';

export default definePlugin({
  id: 'mixdown.phaser',
  folder: 'phaser',
  name: 'Phaser',
  version: '1.0.0',
  category: 'modulation',
  description:
    'Sweeping notches from four to twelve all-pass stages, with feedback and stereo sway.',
  keywords: [
    'phaser',
    'phase',
    'sweep',
    'swirl',
    'modulation',
    'notch',
    'psychedelic',
    'rotary',
    'movement',
  ],
  defaultMix: 0.5,
  parameters: [
    hertz({ id: 'rate', label: 'Rate', group: 'Motion', min: 0.02, max: 10, default: 0.4 }),
    {
      id: 'depth',
      label: 'Depth',
      group: 'Motion',
      unit: 'oct',
      kind: 'continuous',
      scale: 'linear',
      min: 0,
      max: 4,
      default: 1.5,
      step: 0.01,
    },
    degrees({
      id: 'spread',
      label: 'Stereo spread',
      group: 'Motion',
      min: 0,
      max: 180,
      default: 60,
    }),
    hertz({ id: 'centre', label: 'Centre', group: 'Tone', min: 100, max: 6000, default: 800 }),
    percent({ id: 'feedback', label: 'Feedback', group: 'Tone', min: -90, max: 90, default: 35 }),
    choice({
      id: 'stages',
      label: 'Stages',
      group: 'Tone',
      choices: ['4', '6', '8', '12'],
      default: 1,
    }),
  ],
  // Two frames are the all-passes' own group delay, which makes the notches.
  latencyProbe: {
    params: { depth: 0, centre: 6000, feedback: 0, stages: 0 },
    wantedFrames: () => 2,
  },
  tail: { params: { centre: 100, depth: 0, feedback: 90, stages: 3 }, seconds: 6 },
});
