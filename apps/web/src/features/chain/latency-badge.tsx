import { slotLatency, useProject, useSlotStatus } from '../../session/index.ts';
import { Badge } from '../../ui/badge.tsx';

/** By how much a plugin delays the sound; nothing where it does not. The engine evens it out between tracks. */
export function LatencyBadge({ pluginId }: { readonly pluginId: string }) {
  const sampleRate = useProject((s) => s.project.sampleRate);
  // The figure is known once the plugin has loaded: a new status is the moment to ask again.
  useSlotStatus(pluginId);
  const ms = (slotLatency(pluginId) / sampleRate) * 1000;
  if (ms < 0.05) return null;
  return (
    <Badge title="Latency, evened out between the tracks">
      {ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms
    </Badge>
  );
}
