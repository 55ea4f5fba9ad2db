import { definePlugin } from '../src/definition.ts';
import { hertz, milliseconds, percent, toggle } from '../src/overlays.ts';

const time = (id: string, label: string, initial: number) =>
  milliseconds({ id, label, group: 'Time', min: 1, max: 2000, default: initial });

export default definePlugin({
  id: 'mixdown.delay',
  folder: 'delay',
  name: 'Delay',
  version: '1.0.0',
  category: 'delay',
  description: 'Stereo echo with separate times, ping-pong, and warm repeats that grow darker.',
  keywords: [
    'delay',
    'echo',
    'ping-pong',
    'pingpong',
    'warm',
    'tape',
    'analog',
    'dub',
    'slapback',
    'repeat',
    'tempo',
    'space',
  ],
  defaultMix: 0.3,
  parameters: [
    time('timeL', 'Left', 375),
    time('timeR', 'Right', 500),
    percent({ id: 'feedback', label: 'Feedback', group: 'Repeats', min: 0, max: 95, default: 35 }),
    hertz({ id: 'tone', label: 'Tone', group: 'Repeats', min: 500, max: 20_000, default: 6000 }),
    hertz({ id: 'lowCut', label: 'Low cut', group: 'Repeats', min: 20, max: 2000, default: 100 }),
    percent({ id: 'warm', label: 'Warmth', group: 'Repeats', min: 0, max: 100, default: 30 }),
    toggle({ id: 'pingpong', label: 'Ping-pong', group: 'Stereo', default: 0 }),
    percent({ id: 'width', label: 'Width', group: 'Stereo', min: 0, max: 200, default: 100 }),
  ],
  latencyProbe: {
    params: { timeL: 100, timeR: 100, feedback: 0, tone: 20_000, lowCut: 20, warm: 0 },
    wantedFrames: (sampleRate) => Math.round(0.1 * sampleRate),
  },
  tail: {
    params: { timeL: 2000, timeR: 2000, feedback: 95, tone: 20_000, lowCut: 20, warm: 0 },
    seconds: 410,
  },
});
