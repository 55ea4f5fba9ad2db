/** A track's place in the mix. `gainDb` −60 is the fader's bottom: silence. */
export interface StripSettings {
  readonly gainDb: number;
  readonly pan: number;
  readonly muted: boolean;
  readonly soloed: boolean;
}

const FADER_BOTTOM_DB = -60;

/** Whether a track is heard: not muted, and soloed if any track of the project is. Mute wins over solo. */
export const isAudible = (track: StripSettings, anySoloed: boolean): boolean =>
  !track.muted && (!anySoloed || track.soloed);

/**
 * Linear gains of the two channels, rounded to float32 as the processors use them. Balance law for stereo tracks:
 * unity on both sides at the centre; towards one side the other falls by a quarter cosine to silence.
 */
export function stripGains(
  track: StripSettings,
  audible: boolean,
): { left: number; right: number } {
  if (!audible || track.gainDb <= FADER_BOTTOM_DB) return { left: 0, right: 0 };
  const gain = 10 ** (track.gainDb / 20);
  const away = Math.abs(track.pan) >= 1 ? 0 : Math.cos((Math.abs(track.pan) * Math.PI) / 2);
  const left = track.pan > 0 ? gain * away : gain;
  const right = track.pan < 0 ? gain * away : gain;
  return { left: Math.fround(left), right: Math.fround(right) };
}

/** The gains of all tracks, with solo taken into account, in the given order. */
export function stripGainsOf(tracks: readonly StripSettings[]): { left: number; right: number }[] {
  const anySoloed = tracks.some((t) => t.soloed);
  return tracks.map((t) => stripGains(t, isAudible(t, anySoloed)));
}
