import { z } from 'zod';

export const PLUGIN_CATEGORIES = [
  'dynamics',
  'eq',
  'filter',
  'delay',
  'reverb',
  'modulation',
  'distortion',
  'utility',
] as const;

/**
 * What people meet of one parameter: written by hand per plugin (the overlay), complete for first-party effects.
 * Values are in real units everywhere (dB, Hz, ms, %); `scale` only says how a knob's travel maps to them.
 */
export const ParameterOverlay = z.object({
  /** At most 11 characters: WebKit garbles longer AudioParam names that were used as property keys. */
  id: z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,10}$/),
  label: z.string().min(1),
  unit: z.enum(['', 'dB', 'Hz', 'ms', 's', '%', ':1', 'st', '°', 'Q', 'oct']),
  kind: z.enum(['continuous', 'integer', 'switch', 'choice']),
  scale: z.enum(['linear', 'log', 'power']),
  min: z.number(),
  max: z.number(),
  default: z.number(),
  /** Quantum of the value; null = 1/1000 of the knob's travel. */
  step: z.number().positive().nullable(),
  /** For `choice`: labels of min, min+1, … */
  choices: z.array(z.string()).optional(),
  group: z.string().min(1),
  hidden: z.boolean().optional(),
});
export type ParameterOverlay = z.infer<typeof ParameterOverlay>;

export const CatalogEntry = z.object({
  /** Stable, such as `mixdown.compressor`. */
  id: z.string().regex(/^[a-z0-9]+(\.[a-z0-9-]+)+$/),
  name: z.string(),
  vendor: z.string(),
  version: z.string(),
  category: z.enum(PLUGIN_CATEGORIES),
  description: z.string(),
  keywords: z.array(z.string()),
  license: z.string(),
  /** SHA-256 (hex) over the sorted list of `path sha256` of all files of the plugin. */
  integrity: z.string().regex(/^[0-9a-f]{64}$/),
  /** Same-origin URL of the WAM 2 module; its default export is the WebAudioModule constructor. */
  entryUrl: z.string(),
  /** Every file with its hash, relative to the folder of entryUrl. */
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })),
  /** `direct`: proven to render bit-identically outside of a browser. */
  renderPath: z.enum(['direct', 'browser']),
  /** Latency in frames per sample rate, measured by the certifier. */
  latencyFrames: z.record(z.string(), z.int()),
  /** Longest tail in seconds over the parameter range (export `tail: auto` cuts at silence before this). */
  maxTailSeconds: z.number(),
  parameters: z.array(ParameterOverlay),
  /** Wet share (0…1) that a new slot starts with; absent = 1. Delays and reverbs put out the effect alone. */
  defaultMix: z.number().min(0).max(1).optional(),
  /** Share of real time on one core at 48 kHz, by the plugin's certificate; absent where these files have none. */
  cpuShare: z.number().positive().optional(),
});
export type CatalogEntry = z.infer<typeof CatalogEntry>;

export const Catalog = z.object({ entries: z.array(CatalogEntry) });
export type Catalog = z.infer<typeof Catalog>;

export const CatalogQuery = z.object({
  search: z.string().max(100).optional(),
  category: z.enum(PLUGIN_CATEGORIES).optional(),
});

/** Why a plugin is not processing, in the order in which a load can fail. */
export const PLUGIN_FAILURES = [
  'not_found',
  'integrity',
  'syntax',
  'no_constructor',
  'timeout',
  'processor_error',
  'non_finite',
  'runaway',
  'unsupported_browser',
  'blocked_by_policy',
] as const;
export const PluginFailure = z.enum(PLUGIN_FAILURES);
export type PluginFailure = z.infer<typeof PluginFailure>;
