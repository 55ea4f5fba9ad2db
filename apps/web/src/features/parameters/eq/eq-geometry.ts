/** The display's own units; the page scales them. */
export const EQ_BOX = { width: 260, height: 168 } as const;
const MIN_HZ = 20;
const MAX_HZ = 20_000;
/** dB at the upper edge, and minus that at the lower one. */
const RANGE_DB = 27;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

export const xOf = (hz: number): number =>
  (Math.log(clamp(hz, MIN_HZ, MAX_HZ) / MIN_HZ) / Math.log(MAX_HZ / MIN_HZ)) * EQ_BOX.width;
export const yOf = (db: number): number =>
  EQ_BOX.height / 2 - (clamp(db, -RANGE_DB - 6, RANGE_DB + 6) / RANGE_DB) * (EQ_BOX.height / 2);
export const freqAt = (x: number): number =>
  MIN_HZ * (MAX_HZ / MIN_HZ) ** clamp(x / EQ_BOX.width, 0, 1);
/** Rounded to tenths of a decibel, kept within the bands' ±24 dB. */
export const gainAt = (y: number): number =>
  Math.round(clamp((0.5 - y / EQ_BOX.height) * 2 * RANGE_DB, -24, 24) * 10) / 10;

const POINTS = 130;

/** The curve as an SVG path, and the area between it and 0 dB. */
export function responsePath(dbAt: (hz: number) => number): { line: string; area: string } {
  const points = Array.from({ length: POINTS + 1 }, (_, at) => {
    const x = (at / POINTS) * EQ_BOX.width;
    return `${x.toFixed(1)} ${yOf(dbAt(freqAt(x))).toFixed(1)}`;
  });
  const line = `M${points.join('L')}`;
  const zero = yOf(0).toFixed(1);
  return { line, area: `${line}L${EQ_BOX.width} ${zero}L0 ${zero}Z` };
}

const vertical = (hz: number) => `M${xOf(hz).toFixed(1)} 0V${EQ_BOX.height}`;
const horizontal = (db: number) => `M0 ${yOf(db).toFixed(1)}H${EQ_BOX.width}`;

/** What stands on the axes: frequencies along the bottom, decibels along the left. */
export const axisLabels: ReadonlyArray<{ text: string; x: number; y: number }> = [
  ...[100, 1000, 10_000].map((hz) => ({
    text: hz < 1000 ? String(hz) : `${hz / 1000}k`,
    x: xOf(hz) + 2.5,
    y: EQ_BOX.height - 3,
  })),
  ...[18, -18].map((db) => ({
    text: `${db > 0 ? '+' : '−'}${Math.abs(db)}`,
    x: 3,
    y: yOf(db) - 2.5,
  })),
];

export const gridLines: ReadonlyArray<{ d: string; strong: boolean }> = [
  ...[50, 100, 200, 500, 1000, 2000, 5000, 10_000].map((hz) => ({
    d: vertical(hz),
    strong: false,
  })),
  ...[-18, -9, 9, 18].map((db) => ({ d: horizontal(db), strong: false })),
  { d: horizontal(0), strong: true },
];
