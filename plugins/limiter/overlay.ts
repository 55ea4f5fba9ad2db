import { definePlugin } from '../src/definition.ts';
import { choice, decibels, milliseconds, percent } from '../src/overlays.ts';

export default definePlugin({
  id: 'mixdown.limiter',
  folder: 'limiter',
  name: 'Limiter',
  version: '1.0.0',
  category: 'dynamics',
  description:
    'Look-ahead limiter that never lets a sample over the ceiling; holds true peaks too if asked.',
  keywords: [
    'limiter',
    'limiting',
    'loudness',
    'maximizer',
    'ceiling',
    'brickwall',
    'true peak',
    'master',
    'mastering',
    'loud',
    'dynamics',
  ],
  parameters: [
    decibels({ id: 'gain', label: 'Gain', group: 'Input', min: -12, max: 24, default: 0 }),
    decibels({ id: 'ceiling', label: 'Ceiling', group: 'Limit', min: -24, max: 0, default: -1 }),
    milliseconds({
      id: 'release',
      label: 'Release',
      group: 'Limit',
      min: 1,
      max: 1000,
      default: 80,
    }),
    choice({
      id: 'mode',
      label: 'Peaks',
      group: 'Limit',
      choices: ['Sample', 'True peak'],
      default: 1,
    }),
    percent({ id: 'link', label: 'Stereo link', group: 'Limit', min: 0, max: 100, default: 100 }),
  ],
  latencyProbe: { params: {} },
  tail: { params: {}, seconds: 0.02 },
});
