import { MAX_CHAIN, type MovePlugin, type PluginResponse, refuse } from '@mixdown/contract';
import { insertAt, moveTo, removeFrom } from '@mixdown/core';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findPlugin } from '../db/queries/find-plugin.ts';
import { findTrack } from '../db/queries/find-track.ts';
import { readChain } from '../db/queries/read-chain.ts';
import { writeChain } from '../db/queries/write-chain.ts';
import { beginEdit } from './begin-edit.ts';
import { checkPosition, type Editor, orRefuse } from './editor.ts';

type Response = z.output<typeof PluginResponse>;

/** The orders of the chains that a move touches, afterwards. */
async function chainsAfter(
  { tx, projectId }: Editor,
  plugin: { id: string; trackId: string },
  move: MovePlugin,
): Promise<Response['chains']> {
  const from = await readChain(tx, plugin.trackId);
  const trackId = move.trackId ?? plugin.trackId;
  if (trackId === plugin.trackId) {
    checkPosition(move.position, from.length - 1, 'chain');
    return [{ trackId, pluginIds: moveTo(from, plugin.id, move.position) }];
  }
  orRefuse(
    await findTrack(tx, { projectId, trackId }),
    'track_not_in_project',
    `The project has no track ${trackId}.`,
  );
  const to = await readChain(tx, trackId);
  if (to.length >= MAX_CHAIN) {
    throw refuse('chain_full', `A chain has at most ${MAX_CHAIN} plugins; remove one first.`);
  }
  checkPosition(move.position, to.length, 'chain');
  return [
    { trackId, pluginIds: insertAt(to, plugin.id, move.position) },
    { trackId: plugin.trackId, pluginIds: removeFrom(from, plugin.id) },
  ];
}

/** Moves a plugin within its chain or to another track's. Its settings stay as they are, whoever holds it. */
export async function movePlugin(
  editor: Editor,
  pluginId: string,
  move: MovePlugin,
): Promise<Response> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['plugin.move']);
  const before = orRefuse(
    await findPlugin(tx, { projectId, pluginId }),
    'not_found',
    'There is no such plugin in this project.',
  );
  if (done) return { plugin: before, seq: done.seq, chains: done.payload.chains };
  const chains = await chainsAfter(editor, before, move);
  for (const { trackId, pluginIds } of chains) await writeChain(tx, trackId, pluginIds);
  const plugin = orRefuse(
    await findPlugin(tx, { projectId, pluginId }),
    'not_found',
    'The plugin is gone.',
  );
  const payload = { pluginId, trackId: plugin.trackId, position: plugin.position, chains };
  const seq = await appendOperation(tx, projectId, { kind: 'plugin.move', payload, opId });
  return { plugin, seq, chains };
}
