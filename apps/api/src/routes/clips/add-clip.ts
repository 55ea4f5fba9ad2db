import { ClipResponse, CreateClip } from '@mixdown/contract';
import { addClip } from '../../edits/add-clip.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'POST',
  url: '/projects/:projectId/clips',
  operationId: 'addClip',
  summary: 'Put audio on a track',
  description:
    'All in frames at the project’s rate; by default the whole audio. With an `id` of your own a repeated request answers 200 and adds nothing.',
  tag: 'Clips',
  access: 'editor',
  params: ProjectParams,
  headers: EditHeaders,
  body: CreateClip.meta({
    examples: [
      {
        trackId: '0b0f8d0e-3a9f-4a57-9a4e-5d5f6f9c2b11',
        assetId: '7c6d3f8e-0a3b-4f0e-8a52-2f1f7f1d9c22',
        startFrame: 96000,
      },
    ],
  }),
  response: { 201: ClipResponse, 200: ClipResponse },
  refusals: ['idempotency_key_reused', 'track_not_in_project', 'asset_not_in_project'],
  async handle(context) {
    const { added, ...answer } = await addClip(editorOf(context), context.body);
    context.reply.code(added ? 201 : 200);
    return answer;
  },
});
