import { appendOperation } from '../db/queries/append-operation.ts';
import { deleteClipRow } from '../db/queries/delete-clip-row.ts';
import { findClip } from '../db/queries/find-clip.ts';
import { lockProject } from '../db/queries/lock-project.ts';
import { type Editor, orRefuse } from './editor.ts';

export async function removeClip(
  { tx, projectId }: Editor,
  clipId: string,
): Promise<{ seq: number }> {
  await lockProject(tx, projectId);
  const { trackId } = orRefuse(
    await findClip(tx, { projectId, clipId }),
    'not_found',
    'There is no such clip in this project.',
  );
  await deleteClipRow(tx, clipId);
  const payload = { clipId, trackId };
  return { seq: await appendOperation(tx, projectId, { kind: 'clip.remove', payload }) };
}
