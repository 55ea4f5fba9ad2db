import { removeFrom } from '@mixdown/core';
import { appendOperation } from '../db/queries/append-operation.ts';
import { deletePluginRow } from '../db/queries/delete-plugin-row.ts';
import { findPlugin } from '../db/queries/find-plugin.ts';
import { readChain } from '../db/queries/read-chain.ts';
import { writeChain } from '../db/queries/write-chain.ts';
import { beginEdit } from './begin-edit.ts';
import { checkFence } from './check-fence.ts';
import { checkHolders } from './check-holders.ts';
import { type Editor, orRefuse } from './editor.ts';

/** Takes a plugin out of its chain; refused while somebody else is editing it. */
export async function removePlugin(editor: Editor, pluginId: string): Promise<{ seq: number }> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['plugin.remove']);
  if (done) return { seq: done.seq };
  const plugin = orRefuse(
    await findPlugin(tx, { projectId, pluginId }),
    'not_found',
    'There is no such plugin in this project.',
  );
  await checkHolders(editor, [pluginId]);
  checkFence(plugin, editor.fence);
  const { trackId } = plugin;
  const pluginIds = removeFrom(await readChain(tx, trackId), pluginId);
  await deletePluginRow(tx, pluginId);
  await writeChain(tx, trackId, pluginIds);
  const payload = { pluginId, trackId, chains: [{ trackId, pluginIds }] };
  return { seq: await appendOperation(tx, projectId, { kind: 'plugin.remove', payload, opId }) };
}
