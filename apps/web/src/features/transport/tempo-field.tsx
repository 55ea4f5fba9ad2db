import { useEffect, useState } from 'react';
import { actions, useCanEdit, useProject } from '../../session/index.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import styles from './transport.module.css';

const MIN_TEMPO = 20;
const MAX_TEMPO = 400;

/** Beats per minute: type, or arrow keys for whole beats. */
export function TempoField() {
  const tempo = useProject((s) => s.project.tempo);
  const canEdit = useCanEdit();
  const [text, setText] = useState(String(tempo));
  useEffect(() => setText(String(tempo)), [tempo]);

  const commit = () => {
    const value = Number(text.replace(',', '.'));
    const valid = Number.isFinite(value) && value >= MIN_TEMPO && value <= MAX_TEMPO;
    if (valid && value !== tempo) actions.setTempo(value);
    else setText(String(tempo));
  };

  return (
    <Tooltip content="Tempo: moves the grid, never the audio">
      <label className={styles.tempo}>
        <input
          className={styles.tempoInput}
          aria-label="Tempo in beats per minute"
          inputMode="decimal"
          value={text}
          readOnly={!canEdit}
          data-testid="tempo"
          onChange={(event) => setText(event.target.value)}
          onFocus={(event) => event.target.select()}
          onBlur={commit}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
            if (step && canEdit) {
              event.preventDefault();
              actions.setTempo(tempo + step);
            } else if (event.key === 'Enter') event.currentTarget.blur();
            else if (event.key === 'Escape') setText(String(tempo));
          }}
        />
        <span className={styles.unit}>BPM</span>
      </label>
    </Tooltip>
  );
}
