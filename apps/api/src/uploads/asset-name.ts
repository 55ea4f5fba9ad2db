const MOST = 120;

/** A name for people of a file's name: without folder, extension and invisible characters. */
export function assetName(fileName: string): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/\.[A-Za-z0-9]{1,5}$/, '');
  const visible = base.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return (
    visible
      .slice(0, MOST)
      .replaceAll(/\p{Cs}/gu, '')
      .trim() || 'Audio'
  );
}
