import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import styles from './export.module.css';
import { type ExportPreset, type ExportSettings, PRESETS, presetOf } from './presets.ts';

interface Props {
  readonly settings: ExportSettings;
  readonly onChange: (settings: ExportSettings) => void;
}

/** What people come for, by its purpose; no preset is chosen once a detail was changed by hand. */
export function PresetPicker({ settings, onChange }: Props) {
  return (
    <RadioGroup
      aria-label="Purpose"
      className={styles.presets}
      value={presetOf(settings)}
      onValueChange={(id) => {
        const preset = PRESETS.find((p: ExportPreset) => p.id === id);
        if (preset) onChange(preset.settings);
      }}
    >
      {PRESETS.map((preset) => (
        <Radio.Root
          key={preset.id}
          value={preset.id}
          className={styles.preset}
          aria-label={`${preset.title}: ${preset.words}`}
          data-testid={`export-preset-${preset.id}`}
        >
          <span className={styles.presetTitle}>{preset.title}</span>
          <span className={styles.presetWords}>{preset.words}</span>
          <span className={styles.presetDetail}>{preset.detail}</span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
