import { type PluginResponse, type PluginSlot, refuse, type UpdatePlugin } from '@mixdown/contract';
import { checkParams } from '@mixdown/core';
import { findEntry } from '@mixdown/wam-catalog';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findPlugin } from '../db/queries/find-plugin.ts';
import { readChain } from '../db/queries/read-chain.ts';
import { readSeq } from '../db/queries/read-seq.ts';
import { updatePluginRow } from '../db/queries/update-plugin-row.ts';
import { beginEdit } from './begin-edit.ts';
import { checkFence } from './check-fence.ts';
import { checkHolders } from './check-holders.ts';
import { type Editor, orRefuse } from './editor.ts';

type Response = z.output<typeof PluginResponse>;

/** A slot whose plugin is gone keeps what it has: nobody could say whether new values mean anything. */
function checkChange(slot: PluginSlot, change: UpdatePlugin, editor: Editor): void {
  if (change.params === undefined && change.state === undefined) return;
  const entry = findEntry(editor.catalog, slot.catalogId, slot.version);
  if (!entry) {
    throw refuse(
      'unknown_plugin',
      `The catalog no longer has ${slot.catalogId} ${slot.version}: the slot keeps its settings, and can be moved, bypassed, mixed and removed.`,
    );
  }
  const refusal = checkParams(entry, change.params ?? {});
  if (refusal) throw refuse(refusal.code, refusal.detail, refusal);
}

/** Changes what is named and leaves the rest: parameters that are not named keep their values. */
export async function updatePlugin(
  editor: Editor,
  pluginId: string,
  change: UpdatePlugin,
): Promise<Response> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['plugin.params', 'plugin.update']);
  const before = orRefuse(
    await findPlugin(tx, { projectId, pluginId }),
    'not_found',
    'There is no such plugin in this project.',
  );
  const chains = [{ trackId: before.trackId, pluginIds: await readChain(tx, before.trackId) }];
  if (done) return { plugin: before, seq: done.seq, chains };
  await checkHolders(editor, [pluginId]);
  checkFence(before, change.fence ?? editor.fence);
  checkChange(before, change, editor);
  const { fence: _, state, ...named } = change;
  if (Object.keys(named).length === 0 && state === undefined) {
    return { plugin: before, seq: await readSeq(tx, projectId), chains };
  }
  await updatePluginRow(tx, pluginId, { ...named, state });
  const plugin = orRefuse(
    await findPlugin(tx, { projectId, pluginId }),
    'not_found',
    'The plugin is gone.',
  );
  const onlyParams = state === undefined && Object.keys(named).every((name) => name === 'params');
  const seq = await appendOperation(tx, projectId, {
    kind: onlyParams ? 'plugin.params' : 'plugin.update',
    payload: {
      pluginId,
      trackId: before.trackId,
      patch: named,
      ...(state !== undefined && { stateChanged: true }),
    },
    opId,
  });
  return { plugin, seq, chains };
}
