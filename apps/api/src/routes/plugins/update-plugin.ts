import { PluginResponse, UpdatePlugin } from '@mixdown/contract';
import { updatePlugin } from '../../edits/update-plugin.ts';
import { PluginParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

/** A plugin's opaque state is up to 1.4 million characters. */
const BODY_LIMIT = 2 * 1024 * 1024;

export default defineRoute({
  method: 'PUT',
  url: '/projects/:projectId/plugins/:pluginId',
  operationId: 'updatePlugin',
  summary: 'Change an effect',
  description:
    'Changes what is named: parameters that `params` does not name keep their values. `state` is the plugin’s own, base64, kept byte for byte. Somebody else’s lock answers 423 with the holder and the seconds left; with a `fence` the change only happens under that lock.',
  tag: 'Plugins',
  access: 'editor',
  params: PluginParams,
  headers: EditHeaders,
  body: UpdatePlugin.meta({
    examples: [{ params: { feedback: 42 } }, { bypassed: true }, { mix: 0.3 }],
  }),
  bodyLimit: BODY_LIMIT,
  response: { 200: PluginResponse },
  refusals: [
    'idempotency_key_reused',
    'unknown_plugin',
    'unknown_parameter',
    'parameter_out_of_range',
    'plugin_locked',
    'stale_fence',
  ],
  handle: (context) => updatePlugin(editorOf(context), context.params.pluginId, context.body),
});
