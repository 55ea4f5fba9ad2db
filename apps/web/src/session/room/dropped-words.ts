import type { CatalogEntry, ParamValues } from '@mixdown/contract';
import { formatValue } from '@mixdown/core';
import type { DroppedEdits } from '@mixdown/core/room/room';

export interface DroppedFacts {
  readonly why: DroppedEdits['why'];
  /** Own values that did not make it. */
  readonly params: ParamValues;
  /** What stands there instead. */
  readonly now: ParamValues;
  readonly entry: CatalogEntry | undefined;
  readonly pluginName: string;
  /** Who holds it, or has changed it; null = not known. */
  readonly who: string | null;
}

/** More than these are counted, not named. */
const NAMED = 2;

function listed(params: ParamValues, entry: CatalogEntry | undefined): string {
  const ids = Object.keys(params);
  const named = ids.slice(0, NAMED).map((id) => {
    const overlay = entry?.parameters.find((p) => p.id === id);
    return overlay ? `${overlay.label} ${formatValue(overlay, params[id] as number)}` : id;
  });
  const more = ids.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** Tells somebody which of their values were not kept, why, and what stands there now. */
export function droppedWords(facts: DroppedFacts): { title: string; detail: string } {
  const { why, params, now, entry, pluginName } = facts;
  const who = facts.who ?? 'Somebody else';
  const title = `Not kept: ${listed(params, entry)} of ${pluginName}`;
  const known = Object.fromEntries(
    Object.keys(params).flatMap((id) => (now[id] === undefined ? [] : [[id, now[id]]])),
  );
  const instead = Object.keys(known).length ? ` Now: ${listed(known, entry)}.` : '';
  switch (why) {
    case 'locked':
      return { title, detail: `${who} is editing it.${instead}` };
    case 'lost_lock':
      return { title, detail: `${who} changed it meanwhile.${instead}` };
    case 'gone':
      return { title, detail: `${pluginName} has been removed.` };
    case 'invalid':
      return { title, detail: `The server does not take this value.${instead}` };
  }
}
