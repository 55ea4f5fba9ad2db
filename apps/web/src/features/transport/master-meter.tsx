import { useCallback, useEffect, useRef, useState } from 'react';
import { readMeter, useOpenProject } from '../../session/index.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import { Meter } from '../../ui/values/meter.tsx';
import styles from './transport.module.css';

const FULL_SCALE = 1;
const toDb = (linear: number) => 20 * Math.log10(linear);

/** Level of the mix, its highest peak since the last start, and a light that stays on once it was over full scale. */
export function MasterMeter() {
  const text = useRef<HTMLSpanElement>(null);
  const highest = useRef(0);
  const [clipped, setClipped] = useState(false);
  const playing = useOpenProject((s) => s.transport.status === 'playing');

  const reset = useCallback(() => {
    highest.current = 0;
    setClipped(false);
    if (text.current) text.current.textContent = '−∞';
  }, []);
  useEffect(() => {
    if (playing) reset();
  }, [playing, reset]);

  const read = () => {
    const reading = readMeter('master');
    const peak = Math.max(...reading.peak);
    if (peak > highest.current) {
      highest.current = peak;
      if (text.current) text.current.textContent = toDb(peak).toFixed(1).replace('-', '−');
      if (peak > FULL_SCALE) setClipped(true);
    }
    return reading;
  };

  return (
    <div className={styles.master}>
      <Meter orientation="horizontal" label="Level of the mix" read={read} />
      <Tooltip content="Highest peak in dB; click to reset">
        <button
          type="button"
          className={styles.peak}
          data-clipped={clipped || undefined}
          onClick={reset}
          data-testid="master-peak"
        >
          <span className={styles.peakLabel}>{clipped ? 'Clipped, peak' : 'Peak'} </span>
          <span ref={text}>−∞</span>
        </button>
      </Tooltip>
    </div>
  );
}
