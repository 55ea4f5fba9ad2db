import { type Catalog, type OperationKind, type OperationRequest, refuse } from '@mixdown/contract';
import type { Identity } from '../auth/identity.ts';
import type { Tx } from '../db/in-transaction.ts';
import { requireProject } from '../db/queries/require-project.ts';
import { addClip } from '../edits/add-clip.ts';
import { addPlugin } from '../edits/add-plugin.ts';
import { addTrack } from '../edits/add-track.ts';
import { beginEdit } from '../edits/begin-edit.ts';
import type { Editor } from '../edits/editor.ts';
import { movePlugin } from '../edits/move-plugin.ts';
import { removeClip } from '../edits/remove-clip.ts';
import { removePlugin } from '../edits/remove-plugin.ts';
import { removeTrack } from '../edits/remove-track.ts';
import { updateClip } from '../edits/update-clip.ts';
import { updatePlugin } from '../edits/update-plugin.ts';
import { updateProject } from '../edits/update-project.ts';
import { updateTrack } from '../edits/update-track.ts';

export type SocketOperation = OperationRequest & {
  readonly session: string;
  readonly fence?: number;
};

/** The kinds under which a request may stand in the log. */
const loggedAs = ({ kind }: OperationRequest): readonly OperationKind[] =>
  kind === 'plugin.update' ? ['plugin.params', 'plugin.update'] : [kind];

/** The same functions that the HTTP endpoints call. `added: false`: it was there before. */
function edit(
  editor: Editor,
  request: OperationRequest,
): Promise<{ readonly seq: number; readonly added?: boolean }> {
  switch (request.kind) {
    case 'project.update':
      return updateProject(editor, request.payload);
    case 'track.add':
      return addTrack(editor, request.payload);
    case 'track.update': {
      const { trackId, ...patch } = request.payload;
      return updateTrack(editor, trackId, patch);
    }
    case 'track.remove':
      return removeTrack(editor, request.payload.trackId);
    case 'clip.add':
      return addClip(editor, request.payload);
    case 'clip.update': {
      const { clipId, ...patch } = request.payload;
      return updateClip(editor, clipId, patch);
    }
    case 'clip.remove':
      return removeClip(editor, request.payload.clipId);
    case 'plugin.add':
      return addPlugin(editor, request.payload);
    case 'plugin.update': {
      const { pluginId, ...change } = request.payload;
      return updatePlugin(editor, pluginId, change);
    }
    case 'plugin.move': {
      const { pluginId, ...move } = request.payload;
      return movePlugin(editor, pluginId, move);
    }
    case 'plugin.remove':
      return removePlugin(editor, request.payload.pluginId);
    default:
      throw refuse('validation_failed', 'There is no such kind of operation.');
  }
}

/** One structural edit with the rights of whoever asks, done once per `opId`. Refuses as the HTTP endpoints do. */
export async function performOperation(
  tx: Tx,
  o: {
    readonly identity: Identity;
    readonly projectId: string;
    readonly catalog: Catalog;
    readonly request: SocketOperation;
  },
): Promise<{ seq: number; dup: boolean }> {
  const { identity, projectId, catalog, request } = o;
  await requireProject(tx, { projectId, access: 'editor', identity });
  const { opId, session, fence } = request;
  const editor: Editor = {
    tx,
    projectId,
    userId: identity.userId,
    catalog,
    opId,
    session,
    fence,
  };
  const done = await beginEdit(editor, loggedAs(request));
  if (done) return { seq: done.seq, dup: true };
  const { seq, added = true } = await edit(editor, request);
  return { seq, dup: !added };
}
