import { catalogEntry, slotLatency, useProject, useSlotStatus } from '../../session/index.ts';
import { Badge } from '../../ui/badge.tsx';

/** "<1", "3": per cent of a processor core, as far as anybody wants to know. */
export const percentOfCore = (share: number): string =>
  share < 0.01 ? '<1' : String(Math.round(share * 100));

/**
 * What a plugin costs: by how much it delays the sound (nothing where it does not; the engine evens it out between
 * tracks), and how much of a processor it takes by its certificate.
 */
export function CostBadges({ pluginId }: { readonly pluginId: string }) {
  const sampleRate = useProject((s) => s.project.sampleRate);
  const catalogId = useProject((s) => s.plugins[pluginId]?.catalogId ?? '');
  // The latency is known once the plugin has loaded: a new status is the moment to ask again.
  const { state } = useSlotStatus(pluginId);
  const ms = (slotLatency(pluginId) / sampleRate) * 1000;
  const share = state === 'active' ? catalogEntry(catalogId)?.cpuShare : undefined;
  return (
    <>
      {ms >= 0.05 && (
        <Badge title="Latency, evened out between the tracks">
          {ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms
        </Badge>
      )}
      {share !== undefined && (
        <Badge title="Share of a processor core, as measured when it was certified">
          CPU {percentOfCore(share)}%
        </Badge>
      )}
    </>
  );
}
