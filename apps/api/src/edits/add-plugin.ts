import { type AddPlugin, MAX_CHAIN, type PluginResponse, refuse } from '@mixdown/contract';
import { checkParams, defaultParams, insertAt } from '@mixdown/core';
import { defaultMixOf, findEntry } from '@mixdown/wam-catalog';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findPlugin } from '../db/queries/find-plugin.ts';
import { findTrack } from '../db/queries/find-track.ts';
import { insertPlugin } from '../db/queries/insert-plugin.ts';
import { readChain } from '../db/queries/read-chain.ts';
import { readSeq } from '../db/queries/read-seq.ts';
import { writeChain } from '../db/queries/write-chain.ts';
import { beginEdit } from './begin-edit.ts';
import { checkPosition, type Editor, orRefuse } from './editor.ts';
import { loggedSlot } from './logged-slot.ts';

type Response = z.output<typeof PluginResponse>;

/**
 * Puts a plugin of the catalog into a chain, with its defaults and what `params` says. The same id again answers with
 * what is there (`added: false`) and changes nothing.
 */
export async function addPlugin(
  editor: Editor,
  input: AddPlugin,
): Promise<Response & { added: boolean }> {
  const { tx, projectId, catalog, opId } = editor;
  const done = await beginEdit(editor, ['plugin.add']);
  if (done) {
    const { plugin: logged, chains } = done.payload;
    const there = await findPlugin(tx, { projectId, pluginId: logged.id });
    const { hasState: _, ...slot } = logged;
    return { plugin: there ?? { ...slot, state: null }, seq: done.seq, chains, added: false };
  }
  const id = input.id ?? crypto.randomUUID();
  const there = input.id ? await findPlugin(tx, { projectId, pluginId: id }) : null;
  if (there) {
    const pluginIds = await readChain(tx, there.trackId);
    const chains = [{ trackId: there.trackId, pluginIds }];
    return { plugin: there, seq: await readSeq(tx, projectId), chains, added: false };
  }

  const entry = findEntry(catalog, input.catalogId);
  if (!entry) {
    throw refuse('unknown_plugin', `The catalog has no plugin "${input.catalogId}".`, {
      errors: [{ pointer: '/catalogId', detail: 'is not in the catalog' }],
    });
  }
  const refusal = checkParams(entry, input.params ?? {});
  if (refusal) throw refuse(refusal.code, refusal.detail, refusal);
  const { trackId } = input;
  orRefuse(
    await findTrack(tx, { projectId, trackId }),
    'track_not_in_project',
    `The project has no track ${trackId}.`,
  );
  const chain = await readChain(tx, trackId);
  if (chain.length >= MAX_CHAIN) {
    throw refuse('chain_full', `A chain has at most ${MAX_CHAIN} plugins; remove one first.`);
  }
  const position = input.position ?? chain.length;
  checkPosition(position, chain.length, 'chain');

  // In at the end, then into its place: positions are unique, and everything behind it has to move.
  await insertPlugin(tx, {
    id,
    projectId,
    trackId,
    position: chain.length,
    catalogId: entry.id,
    version: entry.version,
    integrity: entry.integrity,
    params: { ...defaultParams(entry), ...input.params },
    bypassed: input.bypassed ?? false,
    mix: input.mix ?? defaultMixOf(entry),
  });
  const pluginIds = insertAt(chain, id, position);
  await writeChain(tx, trackId, pluginIds);
  const plugin = orRefuse(
    await findPlugin(tx, { projectId, pluginId: id }),
    'not_found',
    'The plugin is gone.',
  );
  const chains = [{ trackId, pluginIds }];
  const payload = { plugin: loggedSlot(plugin), chains };
  const seq = await appendOperation(tx, projectId, { kind: 'plugin.add', payload, opId });
  return { plugin, seq, chains, added: true };
}
