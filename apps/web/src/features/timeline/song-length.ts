import type { ProjectState } from '../../session/index.ts';
import { BEATS_PER_BAR, beatSeconds } from './time-scale.ts';

const EMPTY_BARS = 16;

/** End of the last clip in seconds; 0 for a project without clips. */
export function songSeconds(state: Pick<ProjectState, 'clips' | 'project'>): number {
  let end = 0;
  for (const clip of Object.values(state.clips))
    end = Math.max(end, clip.startFrame + clip.lengthFrames);
  return end / state.project.sampleRate;
}

/** What the timeline spans: the song, and never less than a few bars to work on. */
export const timelineSeconds = (state: Pick<ProjectState, 'clips' | 'project'>): number =>
  Math.max(songSeconds(state), EMPTY_BARS * BEATS_PER_BAR * beatSeconds(state.project.tempo));
