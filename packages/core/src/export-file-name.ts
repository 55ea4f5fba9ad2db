/** What some file system does not take in a name: separators, wildcards, quotes. */
const FORBIDDEN = /[/\\:*?"<>|]/gu;
/** Invisible characters, among them those that turn the reading order round and so disguise a file's kind. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Names of devices on Windows. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
const ENCODER = new TextEncoder();
const LINE_BREAKS = /[\t\n\v\f\r\p{Zl}\p{Zp}]+/gu;
const MOST_UTF16_UNITS = 120;
/** Most file systems count bytes, and take 255 of them, the extension included. */
const MOST_BYTES = 240;

/** As much of a text as fits, in whole characters. */
function shortened(text: string): string {
  let bytes = 0;
  let short = '';
  for (const char of text) {
    bytes += ENCODER.encode(char).length;
    if (bytes > MOST_BYTES || short.length + char.length > MOST_UTF16_UNITS) break;
    short += char;
  }
  return short;
}

/** A file name of the project's name that every system takes, with the format as its extension. */
export function exportFileName(projectName: string, format: string): string {
  const cleaned = projectName
    .normalize('NFC')
    .replaceAll(LINE_BREAKS, ' ')
    .replaceAll(INVISIBLE, '')
    .replaceAll(FORBIDDEN, '-')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  const short = shortened(cleaned).trim();
  const name = RESERVED.test(short) ? `${short} mix` : short || 'Mixdown';
  return `${name}.${format}`;
}
