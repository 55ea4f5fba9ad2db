import { BEATS_PER_BAR, beatSeconds } from './time-scale.ts';

const SIXTEENTHS_PER_BEAT = 4;
/** A position that was snapped to a beat may fall short of it by a rounding of frames. */
const HAIR_SECONDS = 1e-4;

/** "5.3.1": bar, beat and sixteenth, all counted from 1. */
export function formatBars(seconds: number, tempo: number): string {
  const sixteenth = beatSeconds(tempo) / SIXTEENTHS_PER_BEAT;
  const total = Math.max(0, Math.floor((seconds + HAIR_SECONDS) / sixteenth));
  const beats = Math.floor(total / SIXTEENTHS_PER_BEAT);
  const bar = Math.floor(beats / BEATS_PER_BAR) + 1;
  return `${bar}.${(beats % BEATS_PER_BAR) + 1}.${(total % SIXTEENTHS_PER_BEAT) + 1}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** "1:05.250"; `digits` after the second, 0…3. Hours only where there are any. */
export function formatTime(seconds: number, digits: 0 | 1 | 3 = 0): string {
  const unit = 10 ** digits;
  const whole = Math.max(0, Math.floor(seconds * unit + HAIR_SECONDS));
  const rest = digits ? `.${String(whole % unit).padStart(digits, '0')}` : '';
  const total = Math.floor(whole / unit);
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  const clock = hours ? `${hours}:${two(minutes)}` : `${minutes}`;
  return `${clock}:${two(total % 60)}${rest}`;
}

/** "bar 5, beat 3", for screen readers. */
export function speakBars(seconds: number, tempo: number): string {
  const [bar, beat] = formatBars(seconds, tempo).split('.');
  return `bar ${bar}, beat ${beat}`;
}
