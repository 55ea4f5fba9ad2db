import {
  type CreateTrack,
  MAX_TRACKS,
  refuse,
  TRACK_COLORS,
  type TrackResponse,
} from '@mixdown/contract';
import { insertAt } from '@mixdown/core';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findTrack } from '../db/queries/find-track.ts';
import { insertTrack } from '../db/queries/insert-track.ts';
import { listTrackIds } from '../db/queries/list-track-ids.ts';
import { orderTracks } from '../db/queries/order-tracks.ts';
import { readSeq } from '../db/queries/read-seq.ts';
import { beginEdit } from './begin-edit.ts';
import { checkPosition, type Editor, orRefuse } from './editor.ts';

type Response = z.output<typeof TrackResponse>;

/** A new track. The same id again answers with what is there (`added: false`) and changes nothing. */
export async function addTrack(
  editor: Editor,
  input: z.output<typeof CreateTrack>,
): Promise<Response & { added: boolean }> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['track.add']);
  if (done) return { track: done.payload.track, seq: done.seq, added: false };
  const id = input.id ?? crypto.randomUUID();
  const there = input.id ? await findTrack(tx, { projectId, trackId: id }) : null;
  if (there) return { track: there, seq: await readSeq(tx, projectId), added: false };

  const ids = await listTrackIds(tx, projectId);
  const count = ids.length;
  if (count >= MAX_TRACKS) {
    throw refuse('position_out_of_range', `A project has at most ${MAX_TRACKS} tracks.`);
  }
  const position = input.position ?? count;
  checkPosition(position, count, 'project');
  await insertTrack(tx, {
    id,
    projectId,
    name: input.name ?? `Track ${count + 1}`,
    color: input.color ?? TRACK_COLORS[count % TRACK_COLORS.length] ?? 'slate',
    position: count,
  });
  const order = insertAt(ids, id, position);
  await orderTracks(tx, order);
  const track = orRefuse(
    await findTrack(tx, { projectId, trackId: id }),
    'not_found',
    'It is gone.',
  );
  const seq = await appendOperation(tx, projectId, {
    kind: 'track.add',
    payload: { track, order },
    opId,
  });
  return { track, seq, added: true };
}
