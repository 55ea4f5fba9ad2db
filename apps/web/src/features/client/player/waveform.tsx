import { useEffect, useRef, useState } from 'react';
import type WaveSurfer from 'wavesurfer.js';
import type { Peaks } from '../../../session/peaks.ts';
import styles from './player.module.css';

/** The page's policy knows the library's style sheet at this height and no other. */
const HEIGHT_PX = 64;
const FULL = 127;

/** Upper and lower half, 0…1 each, as the library takes a sound of two channels. */
export function halves({ values }: Pick<Peaks, 'values'>): [Float32Array, Float32Array] {
  const pairs = values.length / 2;
  const top = new Float32Array(pairs);
  const bottom = new Float32Array(pairs);
  for (let i = 0; i < pairs; i++) {
    top[i] = Math.max(0, values[2 * i + 1] ?? 0) / FULL;
    bottom[i] = Math.min(0, values[2 * i] ?? 0) / FULL;
  }
  return [top, bottom];
}

/** The picture of one version, coloured up to where it plays; without peaks a plain bar. */
export function Waveform({
  peaks,
  seconds,
  position,
  fullScale,
  media,
}: {
  readonly peaks: Peaks | null | undefined;
  readonly seconds: number;
  readonly position: number;
  /** The sample value that fills the height, 0…1. */
  readonly fullScale: number;
  readonly media: HTMLMediaElement | null;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [surfer, setSurfer] = useState<WaveSurfer | null>(null);
  useEffect(() => {
    const container = host.current;
    if (!peaks || !media || !container) return;
    let ended = false;
    let made: WaveSurfer | null = null;
    void import('wavesurfer.js').then(({ default: Library }) => {
      if (ended) return;
      const colour = getComputedStyle(container);
      made = Library.create({
        container,
        media,
        peaks: halves(peaks),
        duration: seconds,
        height: HEIGHT_PX,
        waveColor: colour.getPropertyValue('--wave').trim(),
        progressColor: colour.getPropertyValue('--wave-played').trim(),
        // One playhead runs through all versions, and one slider seeks in them.
        cursorWidth: 0,
        interact: false,
        hideScrollbar: true,
        barWidth: 2,
        barGap: 1,
        barRadius: 1,
        barMinHeight: 1,
        maxPeak: fullScale,
        normalize: true,
      });
      made.once('ready', () => {
        // Drawn anew while it rests: what was played stays coloured.
        if (media.paused && media.readyState >= 3) made?.setTime(media.currentTime);
      });
      setSurfer(made);
    });
    return () => {
      ended = true;
      made?.destroy();
      setSurfer(null);
    };
  }, [peaks, seconds, media, fullScale]);
  useEffect(() => {
    // Once there is data, the picture follows the sound by itself.
    if (surfer && media && media.readyState === 0) surfer.setTime(position);
  }, [surfer, media, position]);
  if (peaks === undefined) return <div className={styles.wave} aria-hidden />;
  if (peaks === null)
    return (
      <div className={styles.wave} aria-hidden data-testid="plain-bar">
        <div className={styles.plain}>
          <div style={{ width: `${Math.min(100, (position / (seconds || 1)) * 100)}%` }} />
        </div>
      </div>
    );
  return <div ref={host} className={styles.wave} aria-hidden data-testid="waveform" />;
}
