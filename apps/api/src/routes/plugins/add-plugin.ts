import { AddPlugin, PluginResponse } from '@mixdown/contract';
import { addPlugin } from '../../edits/add-plugin.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'POST',
  url: '/projects/:projectId/plugins',
  operationId: 'addPlugin',
  summary: 'Insert an effect',
  description:
    'At `position` of the track’s chain, or at its end. `params` are real-unit values by parameter id; the others begin at their defaults. With an `id` of your own a repeated request answers 200 and adds nothing.',
  tag: 'Plugins',
  access: 'editor',
  params: ProjectParams,
  headers: EditHeaders,
  body: AddPlugin.meta({
    examples: [
      {
        trackId: '0b0f8d0e-3a9f-4a57-9a4e-5d5f6f9c2b11',
        catalogId: 'mixdown.delay',
        position: 0,
        params: { feedback: 35 },
      },
    ],
  }),
  response: { 201: PluginResponse, 200: PluginResponse },
  refusals: [
    'idempotency_key_reused',
    'unknown_plugin',
    'unknown_parameter',
    'parameter_out_of_range',
    'position_out_of_range',
    'track_not_in_project',
    'chain_full',
  ],
  async handle(context) {
    const { added, ...answer } = await addPlugin(editorOf(context), context.body);
    context.reply.code(added ? 201 : 200);
    return answer;
  },
});
