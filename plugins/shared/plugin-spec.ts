import type { CatalogEntry } from '@mixdown/contract';

/** What the build knows of one plugin and writes at the top of its index.js and processor.js. */
export interface PluginSpec
  extends Pick<
    CatalogEntry,
    'id' | 'name' | 'vendor' | 'version' | 'description' | 'keywords' | 'latencyFrames'
  > {
  readonly parameters: CatalogEntry['parameters'];
  /** Byte address of each parameter in the DSP's memory, in the order of `parameters`. */
  readonly addresses: readonly number[];
  /** Bytes that the DSP's own data takes at the start of its memory. */
  readonly dspBytes: number;
}
