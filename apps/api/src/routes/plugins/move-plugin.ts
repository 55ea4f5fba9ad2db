import { MovePlugin, PluginResponse } from '@mixdown/contract';
import { movePlugin } from '../../edits/move-plugin.ts';
import { PluginParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'PATCH',
  url: '/projects/:projectId/plugins/:pluginId/position',
  operationId: 'movePlugin',
  summary: 'Move an effect',
  description:
    'Within its chain, or into another track’s. The answer carries the whole order of the chains it touched.',
  tag: 'Plugins',
  access: 'editor',
  params: PluginParams,
  headers: EditHeaders,
  body: MovePlugin.meta({ examples: [{ position: 0 }] }),
  response: { 200: PluginResponse },
  refusals: [
    'idempotency_key_reused',
    'position_out_of_range',
    'track_not_in_project',
    'chain_full',
  ],
  handle: (context) => movePlugin(editorOf(context), context.params.pluginId, context.body),
});
