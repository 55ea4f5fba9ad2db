import type { CatalogEntry } from '@mixdown/contract';
import { type PointerEvent, useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import {
  actions,
  paramValue,
  subscribeParams,
  useParamValue,
  useProject,
} from '../../../session/index.ts';
import styles from './eq.module.css';
import { EQ_BANDS, type EqBand, stagesOf } from './eq-bands.ts';
import {
  axisLabels,
  EQ_BOX,
  freqAt,
  gainAt,
  gridLines,
  responsePath,
  xOf,
  yOf,
} from './eq-geometry.ts';
import { responseDb } from './eq-response.ts';

interface EqDisplayProps {
  readonly pluginId: string;
  readonly entry: CatalogEntry;
  /** Why nothing can be changed right now: the points stay where the values are. */
  readonly locked?: string | undefined;
}

/** All values of the plugin as one text, which changes whenever one of them does. */
function useValues(pluginId: string, entry: CatalogEntry): string {
  const subscribe = useCallback(
    (listener: () => void) =>
      subscribeParams(
        pluginId,
        entry.parameters.map((p) => p.id),
        listener,
      ),
    [pluginId, entry],
  );
  return useSyncExternalStore(subscribe, () =>
    entry.parameters.map((p) => paramValue(pluginId, p.id)).join(' '),
  );
}

/**
 * The curve of the equaliser, with a point per band to drag. The points are for the pointer; every value they change
 * has a knob of its own for keyboards and screen readers.
 */
export function EqDisplay({ pluginId, entry, locked }: EqDisplayProps) {
  const sampleRate = useProject((s) => s.project.sampleRate);
  const values = useValues(pluginId, entry);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `values` stands for all that is read
  const curve = useMemo(() => {
    const read = (id: string) => paramValue(pluginId, id);
    const stages = EQ_BANDS.flatMap((band) => stagesOf(band, read));
    return responsePath((freq) => responseDb(stages, freq, sampleRate) + read('output'));
  }, [pluginId, sampleRate, values]);
  return (
    <svg
      className={styles.display}
      viewBox={`0 0 ${EQ_BOX.width} ${EQ_BOX.height}`}
      role="img"
      aria-label={`Frequency response of ${entry.name}`}
    >
      {gridLines.map((line) => (
        <path key={line.d} d={line.d} className={line.strong ? styles.zero : styles.grid} />
      ))}
      {axisLabels.map(({ text, x, y }) => (
        <text key={text} x={x} y={y} className={styles.axis} aria-hidden>
          {text}
        </text>
      ))}
      <path d={curve.area} className={styles.area} />
      <path d={curve.line} className={styles.curve} />
      {EQ_BANDS.map((band, at) => (
        <BandPoint key={band} {...{ pluginId, band, locked }} number={at + 1} />
      ))}
    </svg>
  );
}

interface BandPointProps {
  readonly pluginId: string;
  readonly band: EqBand;
  readonly number: number;
  readonly locked: string | undefined;
}

function BandPoint({ pluginId, band, number, locked }: BandPointProps) {
  const freq = useParamValue(pluginId, `${band}Freq`);
  const gain = useParamValue(pluginId, `${band}Gain`);
  const shape = useParamValue(pluginId, `${band}Type`);
  const on = useParamValue(pluginId, `${band}On`) >= 0.5;
  // A cut has no gain to drag.
  const hasGain = band === 'p1' || band === 'p2' || Math.round(shape) === 0;
  const held = useRef<{ dx: number; dy: number; moved: boolean } | null>(null);

  const place = (event: PointerEvent<SVGGElement>) => {
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return {
      x: ((event.clientX - box.left) / box.width) * EQ_BOX.width,
      y: ((event.clientY - box.top) / box.height) * EQ_BOX.height,
    };
  };
  const set = (x: number, y: number, final: boolean) => {
    const values = { [`${band}Freq`]: freqAt(x), ...(hasGain && { [`${band}Gain`]: gainAt(y) }) };
    actions.setParams(pluginId, values, { final });
  };
  const release = (event: PointerEvent<SVGGElement>) => {
    const from = held.current;
    held.current = null;
    // A press that moved nothing must not round values that were set elsewhere.
    if (!from?.moved || locked) return;
    const { x, y } = place(event);
    set(x - from.dx, y - from.dy, true);
  };
  const cx = xOf(freq);
  const cy = hasGain ? yOf(gain) : yOf(0);
  return (
    <g
      aria-hidden
      className={styles.point}
      data-off={on ? undefined : ''}
      data-locked={locked ? '' : undefined}
      onPointerDown={(event) => {
        event.preventDefault();
        if (locked) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const { x, y } = place(event);
        held.current = { dx: x - cx, dy: y - cy, moved: false };
      }}
      onPointerMove={(event) => {
        if (!held.current || locked) return;
        held.current.moved = true;
        const { x, y } = place(event);
        set(x - held.current.dx, y - held.current.dy, false);
      }}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <circle cx={cx} cy={cy} r={14} fill="transparent" />
      <circle cx={cx} cy={cy} r={7} className={styles.dot} />
      <text x={cx} y={cy + 3.2} className={styles.number}>
        {number}
      </text>
    </g>
  );
}
