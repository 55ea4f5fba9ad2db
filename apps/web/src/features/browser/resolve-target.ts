import { MAX_CHAIN } from '@mixdown/contract';
import type { BrowserTarget, ProjectState } from '../../session/index.ts';

export interface InsertTarget {
  readonly trackId: string;
  /** Place in the chain that the new plugin gets. */
  readonly position: number;
  /** The slot that it takes over, if any. */
  readonly replaces: string | null;
  /** Where that is, in words: "Drums, after Compressor". */
  readonly words: string;
  readonly full: boolean;
}

export interface TargetInput {
  readonly state: Pick<ProjectState, 'trackOrder' | 'tracks' | 'chains' | 'plugins'>;
  /** What the browser was opened for; null = by shortcut, for whatever is selected. */
  readonly target: BrowserTarget | null;
  readonly selectedTrackId: string | null;
  readonly selectedPluginId: string | null;
  readonly nameOf: (catalogId: string) => string;
}

/**
 * Where a chosen plugin goes: to the place that the browser was opened for; else behind the selected slot; else to the
 * end of the selected track's chain, or of the first one's. Null = there is no track.
 */
export function resolveTarget(input: TargetInput): InsertTarget | null {
  const { state, target, selectedPluginId } = input;
  const wanted = target?.trackId ?? input.selectedTrackId ?? '';
  const trackId = state.tracks[wanted] ? wanted : state.trackOrder[0];
  const track = trackId === undefined ? undefined : state.tracks[trackId];
  if (trackId === undefined || !track) return null;
  const chain = state.chains[trackId] ?? [];
  const nameAt = (index: number) => {
    const pluginId = chain[index];
    return pluginId ? input.nameOf(state.plugins[pluginId]?.catalogId ?? '') : '';
  };
  const replaced = target?.replaces ? chain.indexOf(target.replaces) : -1;
  if (target?.replaces && replaced >= 0)
    return {
      trackId,
      position: replaced,
      replaces: target.replaces,
      words: `${track.name}, in place of ${nameAt(replaced)}`,
      full: false,
    };
  const selected = target === null && selectedPluginId ? chain.indexOf(selectedPluginId) : -1;
  const end = chain.length;
  const position = Math.min(end, target?.position ?? (selected >= 0 ? selected + 1 : end));
  const before = nameAt(position - 1);
  const place = before ? `after ${before}` : end > 0 ? `before ${nameAt(0)}` : 'first in the chain';
  return {
    trackId,
    position,
    replaces: null,
    words: `${track.name}, ${place}`,
    full: chain.length >= MAX_CHAIN,
  };
}
