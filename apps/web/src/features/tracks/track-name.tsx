import type { Track } from '@mixdown/contract';
import { useEffect, useRef } from 'react';
import { actions } from '../../session/index.ts';
import styles from './tracks.module.css';

interface Props {
  readonly track: Track;
  readonly renaming: boolean;
  readonly onRename: (renaming: boolean) => void;
  readonly canEdit: boolean;
}

const MAX_LENGTH = 120;

/** The track's name; a double click or Enter opens it for typing, Esc leaves it as it was. */
export function TrackName({ track, renaming, onRename, canEdit }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (renaming) input.current?.select();
  }, [renaming]);

  if (!renaming)
    return (
      <button
        ref={button}
        type="button"
        className={styles.name}
        title={canEdit ? 'Double-click to rename' : undefined}
        aria-label={canEdit ? `${track.name}, press Enter to rename` : track.name}
        onDoubleClick={() => canEdit && onRename(true)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'F2') return;
          event.preventDefault();
          if (canEdit) onRename(true);
        }}
      >
        {track.name}
      </button>
    );

  const stop = (save: boolean) => {
    const name = input.current?.value.trim();
    if (save && name && name !== track.name) actions.updateTrack(track.id, { name });
    onRename(false);
    // The button comes back with the next render; the keyboard goes on from there.
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <input
      ref={input}
      className={styles.nameInput}
      aria-label={`New name of ${track.name}`}
      defaultValue={track.name}
      maxLength={MAX_LENGTH}
      onBlur={() => stop(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') stop(true);
        else if (event.key === 'Escape') stop(false);
      }}
    />
  );
}
