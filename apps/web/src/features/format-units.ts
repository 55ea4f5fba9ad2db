const KILO = 1000;

/** "1.4 MB", in powers of ten, as file managers count. */
export function formatBytes(bytes: number): string {
  if (bytes < KILO) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB'];
  const power = Math.min(units.length, Math.floor(Math.log(bytes) / Math.log(KILO)));
  const value = bytes / KILO ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[power - 1]}`;
}

/** "3:25", hours where there are any. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = hours ? `${hours}:${two(minutes)}` : `${minutes}`;
  return `${clock}:${two(whole % 60)}`;
}

/** "about 2 min", for waits. */
export function formatWait(seconds: number): string {
  if (seconds < 5) return 'a few seconds';
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 3300) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return `about ${Math.round(seconds / 3600)} h`;
}

/** "−14.2"; the minus of typographers, so that it is as wide as a digit. */
export const formatSigned = (value: number, digits = 1): string =>
  value.toFixed(digits).replace('-', '−');

/** "in 6 days", "in 3 hours", "now"; `at` and `now` in ms since 1970. */
export function formatUntil(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000);
  if (minutes < 1) return 'now';
  const words = (n: number, unit: string) => `in ${n} ${unit}${n === 1 ? '' : 's'}`;
  if (minutes < 60) return words(minutes, 'minute');
  if (minutes < 60 * 48) return words(Math.round(minutes / 60), 'hour');
  return words(Math.round(minutes / 1440), 'day');
}

/** "just now", "4 min ago", "3 h ago", else the date. */
export function formatSince(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h ago`;
  return new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** "WAV", "FLAC", "MP3", and "Opus", which is a name. */
export const formatName = (format: string): string =>
  format === 'opus' ? 'Opus' : format.toUpperCase();
