import { useMemo } from 'react';
import { catalogEntry, pluginName, useOpenProject, useProject } from '../../session/index.ts';
import { type Preflight, preflight } from './preflight.ts';

const BROKEN = new Set(['failed', 'crashed', 'blocked']);

/** What an export of the open project will render, kept up to date. */
export function usePreflight(): Preflight {
  const tracks = useProject((s) => s.tracks);
  const trackOrder = useProject((s) => s.trackOrder);
  const clips = useProject((s) => s.clips);
  const plugins = useProject((s) => s.plugins);
  const sampleRate = useProject((s) => s.project.sampleRate);
  const slots = useOpenProject((s) => s.slots);
  return useMemo(
    () =>
      preflight({
        tracks: trackOrder.flatMap((id) => tracks[id] ?? []),
        clips: Object.values(clips),
        plugins: Object.values(plugins),
        sampleRate,
        entryOf: catalogEntry,
        nameOf: pluginName,
        isBroken: (id) => BROKEN.has(slots[id]?.state ?? ''),
      }),
    [tracks, trackOrder, clips, plugins, sampleRate, slots],
  );
}
