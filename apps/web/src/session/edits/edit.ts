import type { Clip, ParamValues, PluginSlot, Track, UpdateTrack } from '@mixdown/contract';

/** A track with all that stands on it: what a removal must be able to bring back. */
export interface WholeTrack {
  readonly track: Track;
  readonly clips: readonly Clip[];
  readonly plugins: readonly PluginSlot[];
}

export interface PluginPatch {
  readonly params?: ParamValues;
  readonly bypassed?: boolean;
  readonly mix?: number;
}

export type TrackPatch = Omit<UpdateTrack, 'position'>;
export type ClipPatch = Partial<
  Pick<Clip, 'trackId' | 'startFrame' | 'offsetFrames' | 'lengthFrames' | 'gainDb'>
>;
export interface ProjectPatch {
  readonly name?: string;
  readonly tempo?: number;
}

/**
 * One change of a project as a value: applied to the visible state, inverted for undo, and sent to the server by the
 * same description. All values are absolute and all ids come with the edit, so sending one twice does no harm.
 */
export type Edit =
  | { readonly kind: 'project.set'; readonly patch: ProjectPatch }
  | { readonly kind: 'track.add'; readonly whole: WholeTrack }
  | {
      readonly kind: 'track.remove';
      readonly trackId: string;
      /** Ids of the clips and plugins that go with it. */
      readonly contents: readonly string[];
    }
  | { readonly kind: 'track.set'; readonly trackId: string; readonly patch: TrackPatch }
  | { readonly kind: 'track.move'; readonly trackId: string; readonly position: number }
  | { readonly kind: 'clip.add'; readonly clip: Clip }
  | { readonly kind: 'clip.remove'; readonly clipId: string }
  | { readonly kind: 'clip.set'; readonly clipId: string; readonly patch: ClipPatch }
  | { readonly kind: 'plugin.add'; readonly slot: PluginSlot }
  | { readonly kind: 'plugin.remove'; readonly pluginId: string; readonly trackId: string }
  | { readonly kind: 'plugin.set'; readonly pluginId: string; readonly patch: PluginPatch }
  | {
      readonly kind: 'plugin.move';
      readonly pluginId: string;
      readonly fromTrackId: string;
      readonly trackId: string;
      readonly position: number;
    };
