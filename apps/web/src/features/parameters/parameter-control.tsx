import type { ParameterOverlay } from '@mixdown/contract';
import { quantise } from '@mixdown/core';
import { useId } from 'react';
import { actions, useParamValue } from '../../session/index.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import type { Emit } from '../../ui/values/gesture.ts';
import { Knob } from '../../ui/values/knob.tsx';
import { Stepper } from '../../ui/values/stepper.tsx';
import { VisuallyHidden } from '../../ui/visually-hidden.tsx';
import { choiceOptions, controlFor } from './control-for.ts';
import styles from './parameters.module.css';

export interface ParameterControlProps {
  readonly pluginId: string;
  readonly parameter: ParameterOverlay;
  /** Accessible name: parameter and plugin. */
  readonly label: string;
  readonly tempo: number;
  /** Why it cannot be changed right now, such as "Ana is editing". */
  readonly locked?: string | undefined;
  readonly remote?: { readonly color: string; readonly name: string } | undefined;
  /** Without the words above it, where those of the group say enough. */
  readonly bare?: boolean;
}

/** One parameter as the control that suits its kind. It alone renders when its value changes. */
export function ParameterControl(props: ParameterControlProps) {
  const { pluginId, parameter: p, label, tempo, locked, remote, bare } = props;
  const lockId = useId();
  const value = useParamValue(pluginId, p.id);
  const kind = controlFor(p);
  const testId = `param-${p.id}`;
  const onChange: Emit = (next, o) => actions.setParam(pluginId, p.id, next, o);
  const choose = (next: number) => onChange(next, { final: true });
  if (kind === 'knob')
    return (
      <Knob
        {...{ spec: p, value, label, tempo, locked, remote, testId, onChange }}
        caption={p.label}
      />
    );
  const common = {
    label,
    testId,
    locked: Boolean(locked),
    describedBy: locked ? lockId : undefined,
  };
  return (
    <div className={bare ? undefined : styles.control} data-kind={kind}>
      {!bare && (
        <span className={styles.caption} aria-hidden>
          {p.label}
        </span>
      )}
      {kind === 'toggle' && (
        <Toggle
          {...common}
          tinted
          checked={value >= (p.min + p.max) / 2}
          onChange={(on) => choose(on ? p.max : p.min)}
        />
      )}
      {kind === 'segmented' && (
        <Segmented
          {...common}
          tinted
          column
          size="sm"
          value={quantise(p, value)}
          options={choiceOptions(p)}
          onChange={choose}
        />
      )}
      {kind === 'select' && (
        <Select
          {...common}
          size="sm"
          value={quantise(p, value)}
          options={choiceOptions(p)}
          onChange={choose}
        />
      )}
      {kind === 'stepper' && (
        <Stepper {...{ spec: p, value, label, tempo, locked, testId, onChange }} />
      )}
      {locked && <VisuallyHidden id={lockId}>{locked}</VisuallyHidden>}
    </div>
  );
}
