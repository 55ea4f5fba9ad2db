/** What many runs of two ways give: each run's ratio, so that what slows both down does not count. */
export interface Ratio {
  readonly median: number;
  /** The middle half of the runs. */
  readonly low: number;
  readonly high: number;
}

/** The value below which this part (0 … 1) of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)] as number;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** `measured` over `reference`, run by run; both have one value a run. */
export function ratioOf(measured: readonly number[], reference: readonly number[]): Ratio {
  const ratios = measured.map((value, run) => value / (reference[run] as number));
  return { median: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}

/** `1.23× (1.20–1.31)` */
export const ratioText = ({ median: middle, low, high }: Ratio): string =>
  `${middle.toFixed(2)}× (${low.toFixed(2)}–${high.toFixed(2)})`;

/** Rows as aligned columns; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
