import type { Clip, ClipResponse, UpdateClip } from '@mixdown/contract';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findClip } from '../db/queries/find-clip.ts';
import { readSeq } from '../db/queries/read-seq.ts';
import { updateClipRow } from '../db/queries/update-clip-row.ts';
import { beginEdit } from './begin-edit.ts';
import { checkPiece, findClipParts } from './check-clip.ts';
import { type Editor, orRefuse } from './editor.ts';

/** Moves or trims a clip: changes what is named. */
export async function updateClip(
  editor: Editor,
  clipId: string,
  patch: z.output<typeof UpdateClip>,
): Promise<z.output<typeof ClipResponse>> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['clip.update']);
  const before = orRefuse(
    await findClip(tx, { projectId, clipId }),
    'not_found',
    'There is no such clip in this project.',
  );
  if (done) return { clip: before, seq: done.seq };
  if (Object.keys(patch).length === 0) {
    return { clip: before, seq: await readSeq(tx, projectId) };
  }
  const named = Object.fromEntries(Object.entries(patch).filter(([, v]) => v !== undefined));
  const clip: Clip = { ...before, ...named };
  const { assetFrames } = await findClipParts(editor, clip);
  checkPiece(clip, assetFrames);
  await updateClipRow(tx, clip);
  const payload = { clipId, patch };
  const seq = await appendOperation(tx, projectId, { kind: 'clip.update', payload, opId });
  return { clip, seq };
}
