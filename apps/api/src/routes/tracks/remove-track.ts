import { removeTrack } from '../../edits/remove-track.ts';
import { NoContent, TrackParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf, SEQ_HEADER } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/projects/:projectId/tracks/:trackId',
  operationId: 'removeTrack',
  summary: 'Remove a track',
  description: 'With its clips and its chain. `X-Project-Seq` tells the seq after it.',
  tag: 'Tracks',
  access: 'editor',
  params: TrackParams,
  headers: EditHeaders,
  response: { 204: NoContent },
  refusals: ['idempotency_key_reused', 'plugin_locked'],
  async handle(context) {
    const { seq } = await removeTrack(editorOf(context), context.params.trackId);
    context.reply.header(SEQ_HEADER, String(seq));
  },
});
