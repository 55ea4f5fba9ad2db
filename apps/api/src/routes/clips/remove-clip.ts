import { removeClip } from '../../edits/remove-clip.ts';
import { ClipParams, NoContent } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf, SEQ_HEADER } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/projects/:projectId/clips/:clipId',
  operationId: 'removeClip',
  summary: 'Remove a clip',
  description: 'The audio stays in the project. `X-Project-Seq` tells the seq after it.',
  tag: 'Clips',
  access: 'editor',
  params: ClipParams,
  headers: EditHeaders,
  response: { 204: NoContent },
  refusals: ['idempotency_key_reused'],
  async handle(context) {
    const { seq } = await removeClip(editorOf(context), context.params.clipId);
    context.reply.header(SEQ_HEADER, String(seq));
  },
});
