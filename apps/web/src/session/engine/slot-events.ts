import type { PluginSlot } from '@mixdown/contract';
import type { PageTelemetry } from '../telemetry.ts';
import type { SlotStatus } from './engine-port.ts';

const FAILED: ReadonlySet<SlotStatus['state']> = new Set(['failed', 'crashed', 'blocked']);

/** Tells telemetry how loading went, once per change of a slot's state. */
export function reportSlotStatus(
  telemetry: PageTelemetry,
  slot: Pick<PluginSlot, 'projectId' | 'catalogId' | 'version'>,
  before: SlotStatus | undefined,
  now: SlotStatus,
): void {
  if (before?.state === now.state) return;
  const { projectId, catalogId, version } = slot;
  if (before?.state === 'loading' && now.loadMs !== undefined && !FAILED.has(now.state))
    telemetry.capture('plugin.loaded', { projectId, catalogId, version, loadMs: now.loadMs });
  if (!FAILED.has(now.state)) return;
  const failure = now.failure ?? now.state;
  telemetry.pluginFailed({ projectId, catalogId, version, failure, detail: now.detail ?? '' });
}
