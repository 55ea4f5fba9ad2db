import { actions, useProject } from '../../session/index.ts';
import { Slider } from '../../ui/values/slider.tsx';
import { MIX_SPEC } from '../../ui/values/value-spec.ts';
import styles from './slot.module.css';

interface SlotMixProps {
  readonly pluginId: string;
  readonly name: string;
  readonly locked?: string | undefined;
}

/** How much of the effect is heard. */
export function SlotMix({ pluginId, name, locked }: SlotMixProps) {
  const mix = useProject((s) => s.plugins[pluginId]?.mix ?? 1);
  return (
    <div className={styles.mix}>
      <span className={styles.mixLabel} aria-hidden>
        Mix
      </span>
      <Slider
        spec={MIX_SPEC}
        value={Math.round(mix * 1000) / 10}
        label={`Dry/wet, ${name}`}
        locked={locked}
        testId={`mix-${pluginId}`}
        showValue
        onChange={(percent, o) => actions.setMix(pluginId, percent / 100, o)}
      />
    </div>
  );
}
