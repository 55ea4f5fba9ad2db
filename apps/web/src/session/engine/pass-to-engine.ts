import type { Edit } from '../edits/edit.ts';
import type { EnginePort } from './engine-port.ts';

/** Values that sound at once reach the engine directly, ahead of the next reconcile. */
export function passToEngine(engine: EnginePort, edit: Edit): void {
  if (edit.kind === 'track.set') {
    const { gainDb, pan, muted, soloed } = edit.patch;
    engine.setTrack(edit.trackId, {
      ...(gainDb !== undefined && { gainDb }),
      ...(pan !== undefined && { pan }),
      ...(muted !== undefined && { muted }),
      ...(soloed !== undefined && { soloed }),
    });
  } else if (edit.kind === 'plugin.set') {
    const { params, bypassed, mix } = edit.patch;
    for (const [id, value] of Object.entries(params ?? {}))
      engine.setParam(edit.pluginId, id, value);
    if (bypassed !== undefined) engine.setBypassed(edit.pluginId, bypassed);
    if (mix !== undefined) engine.setMix(edit.pluginId, mix);
  }
}
