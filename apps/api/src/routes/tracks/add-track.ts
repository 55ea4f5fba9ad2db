import { CreateTrack, TrackResponse } from '@mixdown/contract';
import { addTrack } from '../../edits/add-track.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'POST',
  url: '/projects/:projectId/tracks',
  operationId: 'addTrack',
  summary: 'Add a track',
  description:
    'At `position`, or as the last one. With an `id` of your own a repeated request answers 200 and adds nothing.',
  tag: 'Tracks',
  access: 'editor',
  params: ProjectParams,
  headers: EditHeaders,
  body: CreateTrack.meta({ examples: [{ name: 'Lead vocal', color: 'rose', position: 0 }] }),
  response: { 201: TrackResponse, 200: TrackResponse },
  refusals: ['idempotency_key_reused', 'position_out_of_range'],
  async handle(context) {
    const { added, ...answer } = await addTrack(editorOf(context), context.body);
    context.reply.code(added ? 201 : 200);
    return answer;
  },
});
