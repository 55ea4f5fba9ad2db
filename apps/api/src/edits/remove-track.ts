import { removeFrom } from '@mixdown/core';
import { appendOperation } from '../db/queries/append-operation.ts';
import { deleteTrackRow } from '../db/queries/delete-track-row.ts';
import { findTrack } from '../db/queries/find-track.ts';
import { listTrackIds } from '../db/queries/list-track-ids.ts';
import { orderTracks } from '../db/queries/order-tracks.ts';
import { readChain } from '../db/queries/read-chain.ts';
import { beginEdit } from './begin-edit.ts';
import { checkHolders } from './check-holders.ts';
import { type Editor, orRefuse } from './editor.ts';

/** Removes a track with its clips and its chain; refused while somebody else is editing one of its plugins. */
export async function removeTrack(editor: Editor, trackId: string): Promise<{ seq: number }> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['track.remove']);
  if (done) return { seq: done.seq };
  orRefuse(
    await findTrack(tx, { projectId, trackId }),
    'not_found',
    'There is no such track in this project.',
  );
  await checkHolders(editor, await readChain(tx, trackId));
  const order = removeFrom(await listTrackIds(tx, projectId), trackId);
  await deleteTrackRow(tx, trackId);
  await orderTracks(tx, order);
  const payload = { trackId, order };
  return { seq: await appendOperation(tx, projectId, { kind: 'track.remove', payload, opId }) };
}
