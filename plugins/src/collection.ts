import chorus from '../chorus/overlay.ts';
import compressor from '../compressor/overlay.ts';
import delay from '../delay/overlay.ts';
import equaliser from '../eq/overlay.ts';
import gate from '../gate/overlay.ts';
import limiter from '../limiter/overlay.ts';
import phaser from '../phaser/overlay.ts';
import reverb from '../reverb/overlay.ts';
import saturator from '../saturator/overlay.ts';
import stereo from '../stereo/overlay.ts';
import type { PluginDefinition } from './definition.ts';

/** The first-party effects, in the order in which a browser of plugins lists them. */
export const COLLECTION: readonly PluginDefinition[] = [
  equaliser,
  compressor,
  limiter,
  gate,
  saturator,
  delay,
  reverb,
  chorus,
  phaser,
  stereo,
];
