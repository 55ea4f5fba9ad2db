import { type Clip, refuse } from '@mixdown/contract';
import { findAssetFrames } from '../db/queries/find-asset-frames.ts';
import { findTrack } from '../db/queries/find-track.ts';
import type { Editor } from './editor.ts';

/** Frames of the clip's asset; refuses a track or audio of another project. */
export async function findClipParts(
  { tx, projectId }: Editor,
  { trackId, assetId }: Pick<Clip, 'trackId' | 'assetId'>,
): Promise<{ assetFrames: number }> {
  if (!(await findTrack(tx, { projectId, trackId }))) {
    throw refuse('track_not_in_project', `The project has no track ${trackId}.`);
  }
  const assetFrames = await findAssetFrames(tx, { projectId, assetId });
  if (assetFrames === null) {
    throw refuse('asset_not_in_project', `The project has no audio ${assetId}.`);
  }
  return { assetFrames };
}

/** Refuses a piece that reaches past the end of the audio it is cut from. */
export function checkPiece(
  { offsetFrames, lengthFrames }: Pick<Clip, 'offsetFrames' | 'lengthFrames'>,
  assetFrames: number,
): void {
  if (lengthFrames >= 1 && offsetFrames + lengthFrames <= assetFrames) return;
  throw refuse(
    'validation_failed',
    `The audio has ${assetFrames} frames; ${lengthFrames} from frame ${offsetFrames} on reach past its end.`,
    {
      errors: [{ pointer: '/lengthFrames', detail: `must be 1 to ${assetFrames - offsetFrames}` }],
    },
  );
}
