import type { CatalogEntry } from '@mixdown/contract';
import type { EqStage } from './eq-response.ts';

const EQUALISER = 'mixdown.eq';
export const isEqualiser = (entry: Pick<CatalogEntry, 'id'>): boolean => entry.id === EQUALISER;

export const EQ_BANDS = ['low', 'p1', 'p2', 'high'] as const;
export type EqBand = (typeof EQ_BANDS)[number];
export type Read = (paramId: string) => number;

/** The Qs of a fourth-order Butterworth filter's two sections, relative to a second-order one's. */
const BUTTERWORTH_4 = [0.541196100146197, 1.306562964876377].map((q) => q * Math.SQRT2);

/** What a band does at the moment; empty while it is off. */
export function stagesOf(band: EqBand, read: Read): EqStage[] {
  if (read(`${band}On`) < 0.5) return [];
  const stage = {
    freq: read(`${band}Freq`),
    q: read(`${band}Q`),
    gainDb: read(`${band}Gain`),
  };
  if (band === 'p1' || band === 'p2') return [{ type: 'peak', ...stage }];
  const shape = Math.round(read(`${band}Type`));
  if (shape === 0) return [{ type: band === 'low' ? 'lowShelf' : 'highShelf', ...stage }];
  const type = band === 'low' ? 'lowCut' : 'highCut';
  if (shape === 1) return [{ type, ...stage }];
  return BUTTERWORTH_4.map((factor) => ({ ...stage, type, q: stage.q * factor }));
}
