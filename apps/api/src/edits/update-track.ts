import type { TrackResponse, UpdateTrack } from '@mixdown/contract';
import { moveTo } from '@mixdown/core';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findTrack } from '../db/queries/find-track.ts';
import { listTrackIds } from '../db/queries/list-track-ids.ts';
import { orderTracks } from '../db/queries/order-tracks.ts';
import { readSeq } from '../db/queries/read-seq.ts';
import { updateTrackRow } from '../db/queries/update-track-row.ts';
import { beginEdit } from './begin-edit.ts';
import { checkPosition, type Editor, orRefuse } from './editor.ts';

/** Changes what is named; with `position` the track moves and the others make room. */
export async function updateTrack(
  editor: Editor,
  trackId: string,
  patch: UpdateTrack,
): Promise<z.output<typeof TrackResponse>> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['track.update']);
  const find = async () =>
    orRefuse(
      await findTrack(tx, { projectId, trackId }),
      'not_found',
      'There is no such track in this project.',
    );
  const before = await find();
  if (done) return { track: before, seq: done.seq };
  if (Object.keys(patch).length === 0) {
    return { track: before, seq: await readSeq(tx, projectId) };
  }
  const { position, ...rest } = patch;
  let order: string[] | undefined;
  if (position !== undefined) {
    const ids = await listTrackIds(tx, projectId);
    checkPosition(position, ids.length - 1, 'project');
    order = moveTo(ids, trackId, position);
    await orderTracks(tx, order);
  }
  await updateTrackRow(tx, trackId, rest);
  const track = await find();
  const seq = await appendOperation(tx, projectId, {
    kind: 'track.update',
    payload: { trackId, patch: rest, ...(order && { order }) },
    opId,
  });
  return { track, seq };
}
