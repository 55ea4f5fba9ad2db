import type {
  Catalog,
  ExportOptions,
  ExportPeaks,
  PluginFailure,
  ProjectSnapshot,
} from '@mixdown/contract';
import type { Measurement } from '../measure/measurement.ts';
import type { Stage } from '../progress/stage-weights.ts';

/** All that a render process needs to know; it has no connection to the database. */
export interface RenderJob {
  readonly snapshot: ProjectSnapshot;
  /** The entries that the project uses. */
  readonly catalog: Catalog;
  /** Verified plugin files by `pluginFileKey`. */
  readonly files: Readonly<Record<string, { absolutePath: string; sha256: string }>>;
  /** Plugins (`id@version`) whose files were refused, and why; such a plugin fails the render if it is heard. */
  readonly refused: Readonly<Record<string, 'not_found' | 'integrity'>>;
  /** Where the canonical audio of each asset stands in the object storage. */
  readonly assetKeys: Readonly<Record<string, string>>;
  readonly options: ExportOptions;
  readonly threads: number;
  /** The mix at the export's rate, between the passes. */
  readonly spoolPath: string;
  /** The finished file. */
  readonly outputPath: string;
  /** Data folder of the file storage; R2 is found in the environment. */
  readonly dataDir: string;
}

export const pluginFileKey = (catalogId: string, version: string, path: string): string =>
  `${catalogId}@${version}/${path}`;

export type ToChild =
  | { readonly type: 'render'; readonly job: RenderJob }
  | { readonly type: 'encode' };

/** `frames` counts at the export's rate. */
export interface Rendered {
  readonly frames: number;
  readonly measurement: Measurement;
}
export interface Encoded {
  readonly bytes: number;
  /** Of the audio in the file, after normalisation. */
  readonly measurement: Measurement;
  /** Its picture. */
  readonly peaks: ExportPeaks;
}

export type RenderFailure =
  | {
      readonly kind: 'plugin';
      readonly pluginId: string;
      readonly failure: PluginFailure;
      readonly detail: string;
    }
  | { readonly kind: 'asset_missing'; readonly assetId: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string;
    };

export type FromChild =
  | {
      readonly type: 'progress';
      readonly stage: Stage;
      readonly done: number;
      readonly total: number;
    }
  | ({ readonly type: 'rendered' } & Rendered)
  | ({ readonly type: 'encoded' } & Encoded)
  | { readonly type: 'failed'; readonly failure: RenderFailure };
