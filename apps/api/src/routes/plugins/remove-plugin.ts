import { removePlugin } from '../../edits/remove-plugin.ts';
import { NoContent, PluginParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf, SEQ_HEADER } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/projects/:projectId/plugins/:pluginId',
  operationId: 'removePlugin',
  summary: 'Remove an effect',
  description: '`X-Project-Seq` tells the seq after it.',
  tag: 'Plugins',
  access: 'editor',
  params: PluginParams,
  headers: EditHeaders,
  response: { 204: NoContent },
  refusals: ['idempotency_key_reused', 'plugin_locked'],
  async handle(context) {
    const { seq } = await removePlugin(editorOf(context), context.params.pluginId);
    context.reply.header(SEQ_HEADER, String(seq));
  },
});
