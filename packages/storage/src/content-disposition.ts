/**
 * `attachment` with a file name, after RFC 6266: a plain ASCII fallback, and the real name as `filename*` (RFC 8187).
 * Control characters and path separators in the name become `_`.
 */
export function attachment(fileName: string): string {
  const name =
    Array.from(fileName, (c) => (isUnsafe(c) ? '_' : c))
      .join('')
      .trim() || 'download';
  const ascii = Array.from(name, (c) => (/[ -~]/.test(c) && !/["\\%]/.test(c) ? c : '_')).join('');
  if (ascii === name) return `attachment; filename="${ascii}"`;
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function isUnsafe(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || char === '/' || char === '\\';
}
