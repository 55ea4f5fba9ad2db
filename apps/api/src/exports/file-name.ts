/** What some file system does not take in a name: separators, wildcards, quotes. */
const FORBIDDEN = /[/\\:*?"<>|]/gu;
/** Invisible characters, among them those that turn the reading order round and so disguise a file's kind. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Names of devices on Windows. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
const MOST_UTF16_UNITS = 120;

/** A file name of the project's name that every system takes, with the format as its extension. */
export function exportFileName(projectName: string, format: string): string {
  const cleaned = projectName
    .normalize('NFC')
    .replaceAll(INVISIBLE, '')
    .replaceAll(FORBIDDEN, '-')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  const short = cleaned
    .slice(0, MOST_UTF16_UNITS)
    .replaceAll(/\p{Cs}/gu, '')
    .trim();
  const name = RESERVED.test(short) ? `${short} mix` : short || 'Mixdown';
  return `${name}.${format}`;
}
