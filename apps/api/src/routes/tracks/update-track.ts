import { TrackResponse, UpdateTrack } from '@mixdown/contract';
import { updateTrack } from '../../edits/update-track.ts';
import { TrackParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'PATCH',
  url: '/projects/:projectId/tracks/:trackId',
  operationId: 'updateTrack',
  summary: 'Change a track',
  description: 'Changes what is named. `position` moves the track among the others.',
  tag: 'Tracks',
  access: 'editor',
  params: TrackParams,
  headers: EditHeaders,
  body: UpdateTrack.meta({ examples: [{ gainDb: -3.5, pan: 0.2 }, { position: 2 }] }),
  response: { 200: TrackResponse },
  refusals: ['idempotency_key_reused', 'position_out_of_range'],
  handle: (context) => updateTrack(editorOf(context), context.params.trackId, context.body),
});
