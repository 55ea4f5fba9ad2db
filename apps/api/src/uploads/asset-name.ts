const MOST = 120;

/** A name for people of a file's name: without folder, extension and invisible characters. */
export function assetName(fileName: string): string {
  // Browsers write these three so in a form (HTML, multipart/form-data encoding); nobody types them.
  const typed = fileName.replace(/%(22|0D|0A)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const base = typed.replace(/^.*[/\\]/, '').replace(/\.[A-Za-z0-9]{1,5}$/, '');
  const visible = base.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return (
    visible
      .slice(0, MOST)
      .replaceAll(/\p{Cs}/gu, '')
      .trim() || 'Audio'
  );
}
