import { useId } from 'react';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './export.module.css';

/** One file of the whole mix. Stems stand here so that nobody searches for them elsewhere. */
export function ScopePicker() {
  const id = useId();
  return (
    <div className={styles.scope}>
      <Segmented
        label="What to export"
        value="master"
        options={[
          { value: 'master', label: 'Master' },
          { value: 'stems', label: 'Stems', disabled: true },
        ]}
        onChange={() => {}}
        describedBy={id}
        testId="export-scope"
      />
      <p id={id} className={styles.hint}>
        Stems, one file for each track, are not ready yet. To get one track alone, solo it and
        export the master.
      </p>
    </div>
  );
}
