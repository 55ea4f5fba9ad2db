import type { ParameterOverlay } from '@mixdown/contract';

export interface ParameterGroup {
  readonly name: string;
  readonly parameters: readonly ParameterOverlay[];
}

export interface Arrangement {
  readonly groups: readonly ParameterGroup[];
  /** Behind a fold; empty where everything fits. */
  readonly advanced: readonly ParameterGroup[];
  readonly filterable: boolean;
}

/** From here on a panel needs a filter box, and, where nobody has sorted it by hand, a fold. */
export const MANY = 12;
/** A group of this name goes behind the fold, whoever wrote it. */
const ADVANCED = 'Advanced';

function grouped(parameters: readonly ParameterOverlay[]): ParameterGroup[] {
  const groups = new Map<string, ParameterOverlay[]>();
  for (const p of parameters) groups.set(p.group, [...(groups.get(p.group) ?? []), p]);
  return [...groups].map(([name, members]) => ({ name, parameters: members }));
}

/**
 * How the parameters of a plugin are laid out. Groups keep the order of their first member. Hidden parameters are left
 * out. An inferred panel shows the first twelve and folds the rest away; a panel made by hand folds what it calls so.
 */
export function arrange(
  parameters: readonly ParameterOverlay[],
  o: { readonly inferred: boolean },
): Arrangement {
  const visible = parameters.filter((p) => !p.hidden);
  const many = visible.length > MANY;
  const folds = (p: ParameterOverlay, at: number) =>
    p.group === ADVANCED || (o.inferred && many && at >= MANY);
  return {
    groups: grouped(visible.filter((p, at) => !folds(p, at))),
    advanced: grouped(visible.filter(folds)),
    filterable: many,
  };
}

/** A group that begins with a switch called "On" wears it beside its name; the rest stands below. */
export function splitSwitch(group: ParameterGroup): {
  readonly power: ParameterOverlay | null;
  readonly rest: readonly ParameterOverlay[];
} {
  const [first, ...rest] = group.parameters;
  const isPower = first?.kind === 'switch' && first.label === 'On' && rest.length > 0;
  return isPower ? { power: first, rest } : { power: null, rest: group.parameters };
}

/** The groups with only those parameters whose label, group or id contains every word of `text`. */
export function filterGroups(groups: readonly ParameterGroup[], text: string): ParameterGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...groups];
  return groups.flatMap((group) => {
    const parameters = group.parameters.filter((p) => {
      const haystack = `${p.label} ${p.group} ${p.id}`.toLowerCase();
      return words.every((word) => haystack.includes(word));
    });
    return parameters.length ? [{ ...group, parameters }] : [];
  });
}

/** Screen readers hear the group where a label alone could mean several: "High mid Gain, Equaliser". */
export function accessibleName(
  p: ParameterOverlay,
  parameters: readonly ParameterOverlay[],
  pluginName: string,
): string {
  const ambiguous = parameters.some((other) => other.id !== p.id && other.label === p.label);
  return `${ambiguous ? `${p.group} ${p.label}` : p.label}, ${pluginName}`;
}
