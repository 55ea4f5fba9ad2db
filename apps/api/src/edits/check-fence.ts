import { type PluginSlot, refuse } from '@mixdown/contract';

/** Refuses a change that was meant for a lock which has changed hands since. */
export function checkFence(slot: Pick<PluginSlot, 'fence'>, fence: number | undefined): void {
  if (fence === undefined || fence === slot.fence) return;
  throw refuse('stale_fence', 'The lock has changed hands since; read the plugin again.', {
    extra: { fence: slot.fence },
  });
}
