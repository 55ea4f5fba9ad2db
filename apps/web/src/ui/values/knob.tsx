import { toNormalized } from '@mixdown/core';
import { cx } from '../cx.ts';
import { VisuallyHidden } from '../visually-hidden.tsx';
import { KNOB_TRAVEL_PX } from './drag.ts';
import { arcPath, isBipolar, knobAngle } from './knob-arc.ts';
import { TypedValue } from './typed-value.tsx';
import { useValueControl, type ValueControlProps } from './use-value-control.ts';
import styles from './values.module.css';

export interface KnobProps extends ValueControlProps {
  /** What stands above; defaults to the spec's label, '' = nothing. */
  readonly caption?: string;
  readonly size?: 'sm' | 'md' | 'lg';
  /** Hides the value below; it still shows while it is typed. */
  readonly hideValue?: boolean;
  /** Somebody else's hand on it: a ring in their colour. */
  readonly remote?: { readonly color: string; readonly name: string } | undefined;
}

const BOX = 48;
const CENTRE = BOX / 2;
const RADIUS = 20;
const FULL = arcPath(CENTRE, RADIUS, 0, 1);

const travelPx = () => KNOB_TRAVEL_PX;

/** A value as a knob: drag up and down, keys, wheel, or type. */
export function Knob({ caption, size = 'md', hideValue = false, remote, ...control }: KnobProps) {
  const { spec, value, label, locked } = control;
  const { sliderProps, text, draft, lockId, ...typing } = useValueControl<HTMLDivElement>(control, {
    axis: 'vertical',
    travelPx,
  });
  const n = toNormalized(spec, value);
  const origin = isBipolar(spec) ? toNormalized(spec, 0) : 0;
  return (
    <div className={cx(styles.knob, styles[size])} data-remote={remote ? '' : undefined}>
      {caption !== '' && (
        <span className={styles.caption} aria-hidden>
          {caption ?? spec.label}
        </span>
      )}
      <div {...sliderProps} className={styles.dial}>
        <svg viewBox={`0 0 ${BOX} ${BOX}`} className={styles.dialArt} aria-hidden>
          {remote && (
            <circle
              cx={CENTRE}
              cy={CENTRE}
              r={23}
              className={styles.remote}
              stroke={remote.color}
            />
          )}
          <path d={FULL} className={styles.arc} />
          <path d={arcPath(CENTRE, RADIUS, origin, n)} className={styles.arcValue} />
          <circle cx={CENTRE} cy={CENTRE} r={14.5} className={styles.cap} />
          <path
            d={`M${CENTRE} 12.2V18`}
            className={styles.pointer}
            transform={`rotate(${knobAngle(n).toFixed(2)} ${CENTRE} ${CENTRE})`}
          />
        </svg>
        {remote && (
          <span className={styles.remoteName} style={{ background: remote.color }}>
            {remote.name}
          </span>
        )}
      </div>
      {draft !== null ? (
        <TypedValue
          label={label}
          current={text}
          initial={draft}
          onCommit={typing.commitTyping}
          onStop={typing.stopTyping}
        />
      ) : (
        !hideValue && <ValueText text={text} onClick={() => typing.startTyping()} />
      )}
      {locked && <VisuallyHidden id={lockId}>{locked}</VisuallyHidden>}
    </div>
  );
}

/** The value in words; a click starts typing. The keyboard's way there is Enter on the slider itself. */
export const ValueText = ({ text, onClick }: { readonly text: string; onClick(): void }) => (
  <button type="button" tabIndex={-1} aria-hidden className={styles.valueText} onClick={onClick}>
    {text}
  </button>
);
