import { useEffect, useState } from 'react';
import { actions, useCanEdit, useProject } from '../session/index.ts';
import styles from './shell.module.css';

const MAX_LENGTH = 120;

/** The project's name, which is its own text field. */
export function ProjectName() {
  const name = useProject((s) => s.project.name);
  const canEdit = useCanEdit();
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  useEffect(() => {
    document.title = `${name} · Mixdown`;
    return () => {
      document.title = 'Mixdown';
    };
  }, [name]);

  const commit = () => {
    const trimmed = text.trim();
    if (trimmed && trimmed !== name) actions.renameProject(trimmed);
    else setText(name);
  };
  return (
    <span className={styles.projectName}>
      {/* The field is as wide as what stands in it: this copy of the text gives the measure. */}
      <span aria-hidden="true">{text || ' '}</span>
      <input
        aria-label="Project name"
        size={1}
        value={text}
        readOnly={!canEdit}
        maxLength={MAX_LENGTH}
        spellCheck={false}
        data-testid="project-name"
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          else if (event.key === 'Escape') setText(name);
        }}
      />
    </span>
  );
}
