import type { OperationRequest } from '@mixdown/contract';
import type { Edit, WholeTrack } from './edit.ts';

/** What the server is asked for, without the id of the operation. */
export type RequestBody = OperationRequest extends infer R
  ? R extends OperationRequest
    ? Omit<R, 'opId'>
    : never
  : never;

type DefaultMix = (catalogId: string) => number;

function addPlugin(slot: WholeTrack['plugins'][number], defaultMix: DefaultMix): RequestBody[] {
  const { id, trackId, catalogId, position, params, bypassed, mix, state } = slot;
  return [
    {
      kind: 'plugin.add',
      payload: {
        ...{ id, trackId, catalogId, position, params },
        ...(bypassed && { bypassed }),
        ...(mix !== defaultMix(catalogId) && { mix }),
      },
    },
    ...(state === null
      ? []
      : [{ kind: 'plugin.update', payload: { pluginId: id, state } } as const]),
  ];
}

function addTrack(whole: WholeTrack, defaultMix: DefaultMix): RequestBody[] {
  const { id, name, color, position, gainDb, pan, muted, soloed } = whole.track;
  const mixed = gainDb !== 0 || pan !== 0 || muted || soloed;
  return [
    { kind: 'track.add', payload: { id, name, color, position } },
    ...(mixed
      ? [{ kind: 'track.update', payload: { trackId: id, gainDb, pan, muted, soloed } } as const]
      : []),
    ...whole.clips.map(
      ({ projectId: _project, ...clip }) => ({ kind: 'clip.add', payload: clip }) as const,
    ),
    ...whole.plugins.flatMap((slot, at) => addPlugin({ ...slot, position: at }, defaultMix)),
  ];
}

/**
 * An edit as the operations that make it, in their order; always the same ones for the same edit, so that each may
 * carry an id of its own over several attempts. `defaultMix` = the wet share that the server gives a new plugin.
 */
export function requestsOf(edit: Edit, defaultMix: DefaultMix): readonly RequestBody[] {
  switch (edit.kind) {
    case 'project.set':
      return [{ kind: 'project.update', payload: edit.patch }];
    case 'track.add':
      return addTrack(edit.whole, defaultMix);
    case 'track.remove':
      return [{ kind: 'track.remove', payload: { trackId: edit.trackId } }];
    case 'track.set':
      return [{ kind: 'track.update', payload: { trackId: edit.trackId, ...edit.patch } }];
    case 'track.move': {
      const { trackId, position } = edit;
      return [{ kind: 'track.update', payload: { trackId, position } }];
    }
    case 'clip.add': {
      const { projectId: _project, ...clip } = edit.clip;
      return [{ kind: 'clip.add', payload: clip }];
    }
    case 'clip.remove':
      return [{ kind: 'clip.remove', payload: { clipId: edit.clipId } }];
    case 'clip.set':
      return [{ kind: 'clip.update', payload: { clipId: edit.clipId, ...edit.patch } }];
    case 'plugin.add':
      return addPlugin(edit.slot, defaultMix);
    case 'plugin.remove':
      return [{ kind: 'plugin.remove', payload: { pluginId: edit.pluginId } }];
    case 'plugin.set':
      return [{ kind: 'plugin.update', payload: { pluginId: edit.pluginId, ...edit.patch } }];
    case 'plugin.move': {
      const { pluginId, trackId, position } = edit;
      return [{ kind: 'plugin.move', payload: { pluginId, trackId, position } }];
    }
  }
}
