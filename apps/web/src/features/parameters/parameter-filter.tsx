import { Search } from 'lucide-react';
import styles from './parameters.module.css';

interface ParameterFilterProps {
  /** The plugin's. */
  readonly name: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

export const ParameterFilter = ({ name, value, onChange }: ParameterFilterProps) => (
  <label className={styles.filter}>
    <Search size={12} aria-hidden />
    <input
      type="search"
      placeholder="Filter parameters"
      aria-label={`Filter the parameters of ${name}`}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !value) return;
        event.stopPropagation();
        onChange('');
      }}
    />
  </label>
);
