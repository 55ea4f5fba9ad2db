/** What the Faust compiler reports of a compiled DSP, as far as licences go. */
export interface CompiledInfo {
  readonly library_list?: readonly string[];
  readonly meta?: readonly Readonly<Record<string, string>>[];
}

/** Licences that let a product of any kind ship the compiled result. */
const ALLOWED = [
  /^MIT( License \(MIT\))?$/,
  /^(LicenseRef-)?STK-4\.3$/,
  /^BSD-[23]-Clause$/,
  /^ISC$/,
  /^(LicenseRef-)?LGPL(-2\.1-or-later)?[- ]with[- ](Faust-)?exception$/i,
];

// Libraries spell the key both ways.
const LICENCE_KEY = /(?:^|[/:])licen[cs]e$/;
const ownerOf = (key: string) => key.replace(/(?:^|[/:])licen[cs]e$/, '') || 'the source itself';

/**
 * Why a compiled DSP may not be shipped: every library function that it uses under a licence that is not allowed,
 * and every library that states none. Empty = fine.
 */
export function licenceProblems(info: CompiledInfo): string[] {
  const stated = (info.meta ?? []).flatMap((meta) =>
    Object.entries(meta).filter(([key]) => LICENCE_KEY.test(key)),
  );
  const refused = stated
    .filter(([, licence]) => !ALLOWED.some((allowed) => allowed.test(licence)))
    .map(([key, licence]) => `${ownerOf(key)} is under ${licence}`);
  const unstated = (info.library_list ?? [])
    .map((path) => path.split('/').at(-1) ?? path)
    .filter((library) => !stated.some(([key]) => key.startsWith(`${library}/`)))
    .map((library) => `${library} states no licence`);
  return [...refused, ...unstated];
}
