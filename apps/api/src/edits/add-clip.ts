import type { Clip, ClipResponse, CreateClip } from '@mixdown/contract';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findClip } from '../db/queries/find-clip.ts';
import { insertClip } from '../db/queries/insert-clip.ts';
import { readSeq } from '../db/queries/read-seq.ts';
import { beginEdit } from './begin-edit.ts';
import { checkPiece, findClipParts } from './check-clip.ts';
import type { Editor } from './editor.ts';

/** A new clip, by default of the whole audio. The same id again answers with what is there (`added: false`). */
export async function addClip(
  editor: Editor,
  input: z.output<typeof CreateClip>,
): Promise<z.output<typeof ClipResponse> & { added: boolean }> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['clip.add']);
  if (done) return { clip: done.payload.clip, seq: done.seq, added: false };
  const id = input.id ?? crypto.randomUUID();
  const there = input.id ? await findClip(tx, { projectId, clipId: id }) : null;
  if (there) return { clip: there, seq: await readSeq(tx, projectId), added: false };

  const { assetFrames } = await findClipParts(editor, input);
  const offsetFrames = input.offsetFrames ?? 0;
  const clip: Clip = {
    id,
    projectId,
    trackId: input.trackId,
    assetId: input.assetId,
    startFrame: input.startFrame,
    offsetFrames,
    lengthFrames: input.lengthFrames ?? assetFrames - offsetFrames,
    gainDb: input.gainDb ?? 0,
  };
  checkPiece(clip, assetFrames);
  await insertClip(tx, clip);
  const seq = await appendOperation(tx, projectId, { kind: 'clip.add', payload: { clip }, opId });
  return { clip, seq, added: true };
}
