import { isActive } from '@mixdown/core';
import { Link } from '@tanstack/react-router';
import { FolderDown, Redo2, Share, Undo2, UserPlus } from 'lucide-react';
import { traySummary } from '../features/jobs/job-words.ts';
import { PresenceBar } from '../features/together/presence-bar.tsx';
import { MasterMeter } from '../features/transport/master-meter.tsx';
import { TransportBar } from '../features/transport/transport-bar.tsx';
import { useExports } from '../session/exports/exports-store.ts';
import {
  actions,
  useAccount,
  useCanEdit,
  useOpenProject,
  useProject,
  useUi,
} from '../session/index.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { useNarrow } from '../ui/use-narrow.ts';
import { AccountMenu } from './account-menu.tsx';
import { Logo } from './logo.tsx';
import { ProjectName } from './project-name.tsx';
import { SaveIndicator } from './save-indicator.tsx';
import styles from './shell.module.css';

function UndoRedo() {
  const { undo, redo } = useOpenProject((s) => s.history);
  return (
    <div className={styles.undoRedo}>
      <IconButton
        label={undo ? `Undo ${undo}` : 'Undo'}
        shortcut="Mod+Z"
        disabled={!undo}
        focusableWhenDisabled
        onClick={() => actions.undo()}
        data-testid="undo"
      >
        <Undo2 size={16} aria-hidden />
      </IconButton>
      <IconButton
        label={redo ? `Redo ${redo}` : 'Redo'}
        shortcut="Mod+Shift+Z"
        disabled={!redo}
        focusableWhenDisabled
        onClick={() => actions.redo()}
        data-testid="redo"
      >
        <Redo2 size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

function ExportsButton() {
  const exports = useExports((s) => s.exports);
  const summary = traySummary(exports);
  if (exports.length === 0) return null;
  return (
    <Button
      tone="ghost"
      icon={<FolderDown size={15} aria-hidden />}
      className={styles.exportsButton ?? ''}
      data-active={exports.some((view) => isActive(view.status)) || undefined}
      onClick={() => useUi.setState((s) => ({ jobsOpen: !s.jobsOpen }))}
      data-testid="jobs-open"
    >
      {summary}
    </Button>
  );
}

function ShareButton() {
  const owner = useProject((s) => s.role === 'owner');
  const guest = useAccount((s) => s.account?.role === 'guest');
  if (guest) return null;
  return (
    <IconButton
      label={owner ? 'Share project' : 'Who belongs to this project'}
      className={styles.shareButton}
      onClick={() => useUi.setState({ shareOpen: true })}
      data-testid="share-open"
    >
      <UserPlus size={16} aria-hidden />
    </IconButton>
  );
}

/** Project, transport, and what one does with the result. */
export function TopBar() {
  const canEdit = useCanEdit();
  // On a phone the upper line has no room for them, and below the thumb is near.
  const below = useNarrow();
  const tools = (
    <>
      {canEdit && <UndoRedo />}
      <ExportsButton />
    </>
  );
  return (
    <header className={styles.topBar}>
      <div className={styles.topLeft}>
        <Link to="/projects" className={styles.logo} aria-label="All projects">
          <Logo />
        </Link>
        <ProjectName />
        <SaveIndicator />
      </div>
      <div className={styles.topMiddle}>
        <TransportBar />
        {below && tools}
        <MasterMeter />
      </div>
      <div className={styles.topRight}>
        <PresenceBar />
        <ShareButton />
        {!below && tools}
        {canEdit && (
          <Button
            tone="primary"
            icon={<Share size={15} aria-hidden />}
            onClick={() => useUi.setState({ exportOpen: true })}
            data-testid="export-open"
          >
            Export
          </Button>
        )}
        <AccountMenu inProject />
      </div>
    </header>
  );
}
