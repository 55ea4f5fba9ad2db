/** Linear gain of `db` decibels; −Infinity gives 0. */
export const dbToGain = (db: number): number => 10 ** (db / 20);

/** Decibels of a linear gain; the sign is ignored, 0 gives −Infinity. */
export const gainToDb = (gain: number): number => 20 * Math.log10(Math.abs(gain));
