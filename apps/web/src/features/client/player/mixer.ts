/** Long enough that no switch clicks, short enough to be at once: seconds. */
const RAMP_SECONDS = 0.012;

export interface Channel {
  /** 0…1, linear. */
  setGain(gain: number): void;
  close(): void;
}
export interface Mixer {
  channel(media: HTMLMediaElement): Channel;
  /** Browsers let sound begin in answer to a gesture only. */
  resume(): Promise<void>;
}

let context: AudioContext | null = null;

/**
 * Gains behind media elements. Web Audio rather than `volume`: iOS ignores the latter, and two versions would sound at
 * once there.
 */
export const webAudioMixer: Mixer = {
  channel(media) {
    context ??= new AudioContext({ latencyHint: 'playback' });
    const audio = context;
    const source = audio.createMediaElementSource(media);
    const gain = audio.createGain();
    gain.gain.value = 0;
    source.connect(gain).connect(audio.destination);
    return {
      setGain: (value) => gain.gain.setTargetAtTime(value, audio.currentTime, RAMP_SECONDS / 3),
      close() {
        source.disconnect();
        gain.disconnect();
      },
    };
  },
  async resume() {
    if (context && context.state !== 'running') await context.resume();
  },
};
