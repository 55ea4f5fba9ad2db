import type { DemoSlot } from './generate-demo.ts';

/** Quarter and eighth notes at the song's 112.5 beats per minute, in milliseconds. */
const BEAT_MS = 60_000 / 112.5;

/** A line of text as a plugin's opaque state. */
const opaque = (text: string): string => btoa(text);

/** What a mix engineer would reach for first, track by track. */
export const CHAINS: Readonly<Record<string, readonly DemoSlot[]>> = {
  Drums: [
    {
      catalogId: 'mixdown.eq',
      params: {
        lowFreq: 70,
        lowGain: 2,
        p1Freq: 380,
        p1Gain: -3,
        p1Q: 1.1,
        highFreq: 9000,
        highGain: 2.5,
      },
    },
    {
      catalogId: 'mixdown.compressor',
      params: { threshold: -20, ratio: 3.5, attack: 18, release: 110, knee: 6, makeup: 3 },
    },
    { catalogId: 'mixdown.limiter', params: { ceiling: -3, release: 60 } },
  ],
  Bass: [
    { catalogId: 'mixdown.saturator', params: { drive: 9, shape: 1 }, mix: 0.5 },
    {
      catalogId: 'mixdown.compressor',
      params: { threshold: -22, ratio: 4, attack: 12, release: 140, makeup: 3 },
    },
  ],
  Pads: [
    {
      catalogId: 'mixdown.eq',
      params: { lowType: 1, lowFreq: 180, p1Freq: 500, p1Gain: -2, highFreq: 7000, highGain: 2 },
    },
    { catalogId: 'mixdown.chorus', params: { rate: 0.35, depth: 3.5, voices: 4 }, mix: 0.4 },
    {
      catalogId: 'mixdown.reverb',
      params: { decay: 3.2, size: 85, preDelay: 20, damp: 5200, lowCut: 220 },
      mix: 0.35,
    },
  ],
  Keys: [
    { catalogId: 'mixdown.phaser', params: { rate: 0.18, depth: 1.2, feedback: 20 }, mix: 0.35 },
    {
      catalogId: 'mixdown.delay',
      params: {
        timeL: BEAT_MS * 0.75,
        timeR: BEAT_MS,
        feedback: 32,
        pingpong: 1,
        tone: 4200,
        lowCut: 300,
      },
      mix: 0.22,
    },
    {
      // Missing on purpose: the place to see that a plugin which cannot load stops nothing and loses nothing.
      catalogId: 'mixdown.tape-echo',
      params: {},
      state: opaque('{"wow":0.21,"flutter":0.08,"heads":[1,0,1],"note":"kept byte for byte"}'),
    },
  ],
  Lead: [
    {
      catalogId: 'mixdown.eq',
      params: { lowType: 1, lowFreq: 160, p2Freq: 2800, p2Gain: 2, highFreq: 9000, highGain: 1.5 },
    },
    {
      catalogId: 'mixdown.delay',
      params: { timeL: BEAT_MS * 0.5, timeR: BEAT_MS * 0.75, feedback: 38, tone: 5200, warm: 45 },
      mix: 0.24,
    },
    { catalogId: 'mixdown.reverb', params: { decay: 2.1, size: 60, preDelay: 30 }, mix: 0.2 },
  ],
  Percussion: [
    { catalogId: 'mixdown.gate', params: { threshold: -52, release: 160 } },
    { catalogId: 'mixdown.stereo', params: { width: 130, bassOn: 1, bassFreq: 160 } },
    {
      catalogId: 'mixdown.reverb',
      params: { decay: 0.9, size: 35, early: 60, lowCut: 250 },
      mix: 0.16,
    },
  ],
};
