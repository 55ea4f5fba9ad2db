import { RefusedError } from '@mixdown/contract';
import type { Client } from '../api/client.ts';
import type { Edit, WholeTrack } from './edit.ts';

type Send = Client['send'];

/** How edits get to the server. */
export interface Wire {
  readonly send: Send;
  /** The wet share that the server gives a new plugin, 0…1. */
  defaultMix(catalogId: string): number;
}

/** Removing what is gone already is no refusal. */
async function remove(send: Send, path: string, keepalive: boolean): Promise<void> {
  try {
    await send('DELETE', path, undefined, keepalive);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.refusal.code !== 'not_found') throw error;
  }
}

async function addPlugin(
  wire: Wire,
  base: string,
  slot: WholeTrack['plugins'][number],
  keepalive: boolean,
): Promise<void> {
  const { send } = wire;
  const { id, trackId, catalogId, position, params, bypassed, mix, state } = slot;
  await send('POST', `${base}/plugins`, { id, trackId, catalogId, position, params }, keepalive);
  if (!bypassed && mix === wire.defaultMix(catalogId) && state === null) return;
  const rest = { bypassed, mix, ...(state !== null && { state }) };
  await send('PUT', `${base}/plugins/${id}`, rest, keepalive);
}

async function addTrack(wire: Wire, base: string, whole: WholeTrack, keepalive: boolean) {
  const { send } = wire;
  const { id, name, color, position, gainDb, pan, muted, soloed } = whole.track;
  await send('POST', `${base}/tracks`, { id, name, color, position }, keepalive);
  if (gainDb !== 0 || pan !== 0 || muted || soloed)
    await send('PATCH', `${base}/tracks/${id}`, { gainDb, pan, muted, soloed }, keepalive);
  for (const { projectId: _project, ...clip } of whole.clips)
    await send('POST', `${base}/clips`, clip, keepalive);
  for (const [at, slot] of whole.plugins.entries())
    await addPlugin(wire, base, { ...slot, position: at }, keepalive);
}

/** Brings one edit to the server. Rejects with the server's refusal, or with what kept it from being reached. */
export async function sendEdit(
  wire: Wire,
  projectId: string,
  edit: Edit,
  o: { readonly keepalive: boolean },
): Promise<void> {
  const base = `/projects/${projectId}`;
  const { keepalive } = o;
  const { send } = wire;
  switch (edit.kind) {
    case 'project.set':
      await send('PATCH', base, edit.patch, keepalive);
      return;
    case 'track.add':
      return addTrack(wire, base, edit.whole, keepalive);
    case 'track.remove':
      return remove(send, `${base}/tracks/${edit.trackId}`, keepalive);
    case 'track.set':
      await send('PATCH', `${base}/tracks/${edit.trackId}`, edit.patch, keepalive);
      return;
    case 'track.move':
      await send('PATCH', `${base}/tracks/${edit.trackId}`, { position: edit.position }, keepalive);
      return;
    case 'clip.add': {
      const { projectId: _project, ...clip } = edit.clip;
      await send('POST', `${base}/clips`, clip, keepalive);
      return;
    }
    case 'clip.remove':
      return remove(send, `${base}/clips/${edit.clipId}`, keepalive);
    case 'clip.set':
      await send('PATCH', `${base}/clips/${edit.clipId}`, edit.patch, keepalive);
      return;
    case 'plugin.add':
      return addPlugin(wire, base, edit.slot, keepalive);
    case 'plugin.remove':
      return remove(send, `${base}/plugins/${edit.pluginId}`, keepalive);
    case 'plugin.set':
      await send('PUT', `${base}/plugins/${edit.pluginId}`, edit.patch, keepalive);
      return;
    case 'plugin.move': {
      const body = { position: edit.position, trackId: edit.trackId };
      await send('PATCH', `${base}/plugins/${edit.pluginId}/position`, body, keepalive);
    }
  }
}
