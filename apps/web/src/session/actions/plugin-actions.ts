import { MAX_CHAIN, type ParamValues, type PluginSlot } from '@mixdown/contract';
import { defaultParams, quantise } from '@mixdown/core';
import { catalogEntry, defaultMix, pluginName, theApp } from '../app.ts';
import { theProject } from '../open-project.ts';
import { announce } from '../stores/announcer.ts';
import { toast } from '../stores/toasts.ts';
import { useUi } from '../stores/ui-store.ts';
import { offerUndo, refreshLabels } from './history.ts';

interface Final {
  /** False while a hand is still on the value. */
  readonly final: boolean;
}

const slotOf = (id: string): PluginSlot | undefined => theProject().session.state().plugins[id];

function newSlot(
  trackId: string,
  catalogId: string,
  position: number,
  params: ParamValues = {},
): PluginSlot | null {
  const entry = catalogEntry(catalogId);
  if (!entry) return null;
  const now = new Date().toISOString();
  return {
    id: crypto.randomUUID(),
    projectId: theProject().projectId,
    trackId,
    position,
    catalogId,
    version: entry.version,
    integrity: entry.integrity,
    params: { ...defaultParams(entry), ...params },
    state: null,
    bypassed: false,
    mix: defaultMix(catalogId),
    fence: 0,
    createdAt: now,
    updatedAt: now,
  };
}

export interface AddPluginInput {
  readonly trackId: string;
  readonly catalogId: string;
  readonly position?: number | undefined;
  readonly params?: ParamValues | undefined;
}

/** Puts a plugin into a chain, at its end unless `position` says otherwise. Returns its id, or null where it cannot be. */
export function addPlugin({ trackId, catalogId, position, params }: AddPluginInput): string | null {
  const { session, projectId } = theProject();
  const chain = session.state().chains[trackId];
  if (!chain) return null;
  if (chain.length >= MAX_CHAIN) {
    toast({
      tone: 'warning',
      title: 'The chain is full',
      detail: `A track holds ${MAX_CHAIN} plugins. Remove one first.`,
    });
    return null;
  }
  const at = Math.min(position ?? chain.length, chain.length);
  const slot = newSlot(trackId, catalogId, at, params);
  if (!slot) return null;
  session.perform([{ kind: 'plugin.add', slot }]);
  refreshLabels();
  theApp().telemetry.capture('plugin.added', { projectId, catalogId, position: at });
  useUi.setState({ selectedTrackId: trackId, selectedPluginId: slot.id });
  announce(`${pluginName(catalogId)} added, ${at + 1} of ${chain.length + 1}`);
  return slot.id;
}

export function removePlugin(id: string): void {
  const slot = slotOf(id);
  if (!slot) return;
  const { session, projectId } = theProject();
  const step = session.perform([{ kind: 'plugin.remove', pluginId: id, trackId: slot.trackId }]);
  refreshLabels();
  theApp().telemetry.capture('plugin.removed', { projectId, catalogId: slot.catalogId });
  announce(`${pluginName(slot.catalogId)} removed`);
  offerUndo(`${pluginName(slot.catalogId)} removed`, step);
}

/** Another plugin in the place of this one; one step to undo. Returns the new one's id. */
export function replacePlugin(id: string, catalogId: string): string | null {
  const old = slotOf(id);
  if (!old) return null;
  const { session, projectId } = theProject();
  const position = (session.state().chains[old.trackId] ?? []).indexOf(id);
  const slot = newSlot(old.trackId, catalogId, position);
  if (!slot) return null;
  const words = `replace ${pluginName(old.catalogId)}`;
  const remove = { kind: 'plugin.remove', pluginId: id, trackId: old.trackId } as const;
  const step = session.perform([remove, { kind: 'plugin.add', slot }], words);
  refreshLabels();
  theApp().telemetry.capture('plugin.added', { projectId, catalogId, position });
  useUi.setState({ selectedPluginId: slot.id });
  offerUndo(`${pluginName(old.catalogId)} replaced by ${pluginName(catalogId)}`, step);
  return slot.id;
}

/** Moves a plugin so that it stands at `position` of its own or another track's chain. */
export function movePlugin(id: string, to: { position: number; trackId?: string }): void {
  const slot = slotOf(id);
  if (!slot) return;
  const { session, projectId } = theProject();
  const trackId = to.trackId ?? slot.trackId;
  const from = (session.state().chains[slot.trackId] ?? []).indexOf(id);
  const length = (session.state().chains[trackId] ?? []).length;
  const last = trackId === slot.trackId ? length - 1 : length;
  const position = Math.max(0, Math.min(to.position, last));
  if (trackId === slot.trackId && position === from) return;
  if (trackId !== slot.trackId && length >= MAX_CHAIN) {
    toast({
      tone: 'warning',
      title: 'That chain is full',
      detail: `It holds ${MAX_CHAIN} plugins.`,
    });
    return;
  }
  const fromTrackId = slot.trackId;
  session.perform([{ kind: 'plugin.move', pluginId: id, fromTrackId, trackId, position }]);
  refreshLabels();
  const { catalogId } = slot;
  theApp().telemetry.capture('plugin.reordered', { projectId, catalogId, from, to: position });
  announce(`${pluginName(catalogId)} moved to ${position + 1} of ${last + 1}`);
}

export function setBypassed(id: string, bypassed: boolean): void {
  theProject().session.set(
    { kind: 'plugin.set', pluginId: id, patch: { bypassed } },
    { final: true },
  );
  refreshLabels();
}

/** Wet share, 0…1. */
export function setMix(id: string, mix: number, { final }: Final): void {
  const clamped = Math.min(1, Math.max(0, mix));
  theProject().session.set(
    { kind: 'plugin.set', pluginId: id, patch: { mix: clamped } },
    { final },
  );
  if (final) refreshLabels();
}

/** A parameter in its real unit, quantised as it is stored. */
export function setParam(id: string, paramId: string, value: number, { final }: Final): void {
  const slot = slotOf(id);
  const overlay = catalogEntry(slot?.catalogId ?? '')?.parameters.find((p) => p.id === paramId);
  if (!slot || !overlay) return;
  const { session, paramChanges, projectId } = theProject();
  const params = { [paramId]: quantise(overlay, value) };
  session.set({ kind: 'plugin.set', pluginId: id, patch: { params } }, { final });
  if (!final) return;
  paramChanges.changed({ pluginId: id, projectId, catalogId: slot.catalogId, paramId });
  refreshLabels();
}

/** Several parameters at once, such as a preset or a point with two axes: one step to undo. */
export function setParams(
  id: string,
  values: ParamValues,
  { final }: Final = { final: true },
): void {
  const slot = slotOf(id);
  const entry = catalogEntry(slot?.catalogId ?? '');
  if (!slot || !entry) return;
  const params = Object.fromEntries(
    entry.parameters.flatMap((p) => {
      const value = values[p.id];
      return value === undefined ? [] : [[p.id, quantise(p, value)]];
    }),
  );
  theProject().session.set({ kind: 'plugin.set', pluginId: id, patch: { params } }, { final });
  if (final) refreshLabels();
}

export function resetParam(id: string, paramId: string): void {
  const entry = catalogEntry(slotOf(id)?.catalogId ?? '');
  const overlay = entry?.parameters.find((p) => p.id === paramId);
  if (overlay) setParam(id, paramId, overlay.default, { final: true });
}

/** Tries again to load a plugin that failed or crashed. */
export const retryPlugin = (id: string): void => theProject().engine.retry(id);
