import { useEffect, useRef } from 'react';
import { cx } from '../cx.ts';
import { onFrame } from '../frame-loop.ts';
import {
  isAtRest,
  isOver,
  type MeterState,
  meterFraction,
  SILENT,
  stepMeter,
} from './meter-ballistics.ts';
import styles from './values.module.css';

export interface MeterProps {
  /** The highest peaks since the last call, linear, left and right. Called once per repaint. */
  readonly read: () => { readonly peak: readonly [number, number] };
  /** Accessible name, such as "Level of Drums". */
  readonly label: string;
  readonly orientation?: 'vertical' | 'horizontal';
  readonly className?: string | undefined;
}

/** A screen reader hears the level at most this often, in ms. */
const SPEAK_EVERY_MS = 1000;

/** A stereo level meter. It writes to the page directly: sixty renders a second would be React's undoing. */
export function Meter({ read, label, orientation = 'vertical', className }: MeterProps) {
  const root = useRef<HTMLDivElement>(null);
  const reader = useRef(read);
  reader.current = read;
  useEffect(() => {
    const node = root.current;
    if (!node) return;
    const states: [MeterState, MeterState] = [SILENT, SILENT];
    const channels = [...node.children].map((channel) => [...channel.children] as HTMLElement[]);
    let spokenAt = 0;
    const paint = ([level, hold]: HTMLElement[], state: MeterState) => {
      const rest = `${((1 - meterFraction(state.levelDb)) * 100).toFixed(2)}%`;
      const gone = ((1 - meterFraction(state.holdDb)) * 100).toFixed(2);
      const upright = orientation === 'vertical';
      if (level) level.style.clipPath = upright ? `inset(${rest} 0 0 0)` : `inset(0 ${rest} 0 0)`;
      if (hold) hold.style.transform = upright ? `translateY(${gone}%)` : `translateX(-${gone}%)`;
    };
    return onFrame((now) => {
      const { peak } = reader.current();
      channels.forEach((channel, at) => {
        const before = states[at] ?? SILENT;
        const after = stepMeter(before, peak[at] ?? 0, now);
        states[at] = after;
        if (!(isAtRest(before) && isAtRest(after))) paint(channel, after);
      });
      node.toggleAttribute('data-clipped', states.some(isOver));
      if (now - spokenAt < SPEAK_EVERY_MS) return;
      spokenAt = now;
      const db = Math.round(Math.max(states[0].levelDb, states[1].levelDb));
      node.setAttribute('aria-valuenow', String(db));
      node.setAttribute('aria-valuetext', db <= SILENT.levelDb ? 'silent' : `${db} decibels`);
    });
  }, [orientation]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> shows one bar in the browser's own look
    <div
      ref={root}
      className={cx(styles.meter, className)}
      data-orientation={orientation}
      role="meter"
      aria-label={label}
      aria-valuemin={SILENT.levelDb}
      aria-valuemax={3}
      aria-valuenow={SILENT.levelDb}
    >
      {['left', 'right'].map((side) => (
        <div key={side} className={styles.channel}>
          <div className={styles.level} />
          <div className={styles.hold} />
        </div>
      ))}
    </div>
  );
}
