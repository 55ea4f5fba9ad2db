export interface Measurement {
  /** BS.1770 integrated loudness; null = silence. */
  readonly integratedLufs: number | null;
  /** null = digital silence. */
  readonly truePeakDbtp: number | null;
}
