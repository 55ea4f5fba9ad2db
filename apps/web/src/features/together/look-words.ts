import type { Focus } from '@mixdown/contract';
import { type ProjectState, pluginName } from '../../session/index.ts';

/** Where somebody looks, such as "Compressor on Bass"; null = nowhere that this page knows. */
export function lookWords(
  focus: Focus | undefined,
  { tracks, plugins }: Pick<ProjectState, 'tracks' | 'plugins'>,
): string | null {
  const track = tracks[focus?.trackId ?? ''];
  const slot = plugins[focus?.pluginId ?? ''];
  const effect = slot && pluginName(slot.catalogId);
  if (!track) return null;
  return effect ? `${effect} on ${track.name}` : track.name;
}
