import type { CatalogEntry, ParameterOverlay, ParamValues } from '@mixdown/contract';

/** How the certifier finds a plugin's latency: an impulse at these settings. */
export interface LatencyProbe {
  readonly params: ParamValues;
  /** Delay that the settings ask for (a delay line's time), which is sound and not latency; frames at `sampleRate`. */
  readonly wantedFrames?: (sampleRate: number) => number;
}

/** What a plugin's folder says about it: everything that the catalog shows and the DSP source does not know. */
export interface PluginDefinition
  extends Pick<
    CatalogEntry,
    'id' | 'name' | 'version' | 'category' | 'description' | 'keywords' | 'defaultMix'
  > {
  /** Folder and `.dsp` file under `plugins/`. */
  readonly folder: string;
  /** The wrapper turns each overlay into `param.<id>` in the DSP source. */
  readonly parameters: readonly ParameterOverlay[];
  readonly latencyProbe: LatencyProbe;
  /** Settings with the longest tail, and its length until −90 dB below the peak, in seconds. */
  readonly tail: { readonly params: ParamValues; readonly seconds: number };
}

export const definePlugin = (definition: PluginDefinition): PluginDefinition => definition;
