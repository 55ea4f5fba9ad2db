import { ClipResponse, UpdateClip } from '@mixdown/contract';
import { updateClip } from '../../edits/update-clip.ts';
import { ClipParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'PATCH',
  url: '/projects/:projectId/clips/:clipId',
  operationId: 'updateClip',
  summary: 'Move or trim a clip',
  tag: 'Clips',
  access: 'editor',
  params: ClipParams,
  headers: EditHeaders,
  body: UpdateClip.meta({
    examples: [{ startFrame: 48000 }, { offsetFrames: 1200, lengthFrames: 24000 }],
  }),
  response: { 200: ClipResponse },
  refusals: ['idempotency_key_reused', 'track_not_in_project'],
  handle: (context) => updateClip(editorOf(context), context.params.clipId, context.body),
});
