import { nudge } from '@mixdown/core';
import { Minus, Plus } from 'lucide-react';
import { IconButton } from '../icon-button.tsx';
import type { ValueControlProps } from './use-value-control.ts';
import { ValueField } from './value-field.tsx';
import styles from './values.module.css';

/** A small whole number between two buttons. */
export function Stepper(control: ValueControlProps) {
  const { spec, value, label, locked, onChange } = control;
  const step = (direction: 1 | -1) => {
    const next = nudge(spec, value, direction, 'step');
    if (next !== value) onChange(next, { final: true });
  };
  const side = (direction: 1 | -1) => ({
    size: 'sm' as const,
    tooltip: null,
    // Arrow keys on the number do the same: one stop for the Tab key is enough.
    tabIndex: -1,
    disabled: Boolean(locked) || (direction === 1 ? value >= spec.max : value <= spec.min),
    onClick: () => step(direction),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a visible legend
    <div className={styles.stepper} role="group" aria-label={label}>
      <IconButton label={`Less ${label}`} {...side(-1)}>
        <Minus size={12} aria-hidden />
      </IconButton>
      <ValueField {...control} className={styles.stepperValue} />
      <IconButton label={`More ${label}`} {...side(1)}>
        <Plus size={12} aria-hidden />
      </IconButton>
    </div>
  );
}
