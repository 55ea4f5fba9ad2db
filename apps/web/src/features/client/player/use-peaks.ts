import { useEffect, useState } from 'react';
import { theApp } from '../../../session/index.ts';
import { decodePeaks, type Peaks } from '../../../session/peaks.ts';

const known = new Map<string, Peaks | null>();

/** The picture of an export; undefined while it is on its way, null where there is none. */
export function useExportPeaks(id: string): Peaks | null | undefined {
  const [peaks, setPeaks] = useState(() => known.get(id));
  useEffect(() => {
    if (known.has(id)) return setPeaks(known.get(id));
    let shown = true;
    const take = (value: Peaks | null) => {
      if (shown) setPeaks(value);
    };
    theApp()
      .client.exportPeaks(id)
      .then((answer) => {
        const decoded = decodePeaks(answer);
        known.set(id, decoded);
        take(decoded);
      })
      // Older than the pictures, or not to be had just now: a plain bar does as well.
      .catch(() => take(null));
    return () => {
      shown = false;
    };
  }, [id]);
  return peaks;
}
