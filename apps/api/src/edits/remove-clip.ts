import { appendOperation } from '../db/queries/append-operation.ts';
import { deleteClipRow } from '../db/queries/delete-clip-row.ts';
import { findClip } from '../db/queries/find-clip.ts';
import { beginEdit } from './begin-edit.ts';
import { type Editor, orRefuse } from './editor.ts';

export async function removeClip(editor: Editor, clipId: string): Promise<{ seq: number }> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['clip.remove']);
  if (done) return { seq: done.seq };
  const { trackId } = orRefuse(
    await findClip(tx, { projectId, clipId }),
    'not_found',
    'There is no such clip in this project.',
  );
  await deleteClipRow(tx, clipId);
  const payload = { clipId, trackId };
  return { seq: await appendOperation(tx, projectId, { kind: 'clip.remove', payload, opId }) };
}
