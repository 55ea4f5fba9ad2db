import { type Project, refuse, type UpdateProject } from '@mixdown/contract';
import type { z } from 'zod';
import { appendOperation } from '../db/queries/append-operation.ts';
import { findProject } from '../db/queries/find-project.ts';
import { updateProject as updateProjectRow } from '../db/queries/update-project.ts';
import { beginEdit } from './begin-edit.ts';
import type { Editor } from './editor.ts';

/** Changes what is named of the project itself. */
export async function updateProject(
  editor: Editor,
  patch: z.output<typeof UpdateProject>,
): Promise<{ project: Project; seq: number }> {
  const { tx, projectId, opId } = editor;
  const done = await beginEdit(editor, ['project.update']);
  let seq = done?.seq;
  if (seq === undefined && Object.keys(patch).length > 0) {
    await updateProjectRow(tx, projectId, patch);
    seq = await appendOperation(tx, projectId, {
      kind: 'project.update',
      payload: { patch },
      opId,
    });
  }
  const project = await findProject(tx, projectId);
  if (!project) throw refuse('not_found', 'There is no such project.');
  return { project, seq: seq ?? project.seq };
}
