import { LoaderCircle, Pause, Play, SkipBack, Square } from 'lucide-react';
import { actions, useOpenProject } from '../../session/index.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { PlayHint } from './play-hint.tsx';
import { PositionDisplay } from './position-display.tsx';
import { TempoField } from './tempo-field.tsx';
import styles from './transport.module.css';

const PLAY_LABEL = {
  stopped: 'Play',
  starting: 'Starting audio',
  playing: 'Pause',
  buffering: 'Loading audio',
} as const;

/** Start, stop and where we are. */
export function TransportBar() {
  const status = useOpenProject((s) => s.transport.status);
  const busy = status === 'starting' || status === 'buffering';
  return (
    <div className={styles.bar} role="toolbar" aria-label="Transport">
      <IconButton
        label="Back to start"
        shortcut="Home"
        tooltip="Back to start"
        onClick={() => actions.seek(0)}
        data-testid="to-start"
      >
        <SkipBack size={16} aria-hidden />
      </IconButton>
      <IconButton
        className={styles.play ?? ''}
        tone={status === 'stopped' ? 'primary' : 'secondary'}
        label={PLAY_LABEL[status]}
        shortcut="Space"
        onClick={() => void actions.togglePlay()}
        data-testid="play"
        data-status={status}
      >
        {busy ? (
          <LoaderCircle size={17} aria-hidden className={styles.spin} />
        ) : status === 'playing' ? (
          <Pause size={17} aria-hidden fill="currentColor" />
        ) : (
          <Play size={17} aria-hidden fill="currentColor" />
        )}
      </IconButton>
      <IconButton
        label="Stop"
        tooltip="Stop and go back to the start"
        onClick={() => actions.stop()}
        data-testid="stop"
      >
        <Square size={15} aria-hidden fill="currentColor" />
      </IconButton>
      <PlayHint />
      <PositionDisplay />
      <TempoField />
    </div>
  );
}
