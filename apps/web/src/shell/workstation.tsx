import { useState } from 'react';
import { PluginBrowser } from '../features/browser/plugin-browser.tsx';
import { ChainPanel } from '../features/chain/chain-panel.tsx';
import { ExportDialog } from '../features/export/export-dialog.tsx';
import { JobsTray } from '../features/jobs/jobs-tray.tsx';
import { AskedCards } from '../features/together/asked-cards.tsx';
import { RoomEndedDialog } from '../features/together/room-ended-dialog.tsx';
import { ShareDialog } from '../features/together/share-dialog.tsx';
import { theApp, useProject, useUi } from '../session/index.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { Arrangement } from './arrangement.tsx';
import { AudioStuckDialog } from './audio-stuck-dialog.tsx';
import { NoSoundBanner } from './no-sound-banner.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import styles from './shell.module.css';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';
import { TopBar } from './top-bar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const report = (error: unknown) => theApp().telemetry.captureError(error);

/** The workstation: one open project. */
export function Workstation() {
  useShortcuts();
  const [tab, setTab] = useState<'tracks' | 'effects'>('tracks');
  const trackId = useUi((s) => s.selectedTrackId);
  const projectName = useProject((s) => s.project.name);
  const trackName = useProject((s) => (trackId ? s.tracks[trackId]?.name : undefined));
  return (
    <div className={styles.workstation} data-tab={tab}>
      <TopBar />
      <div className={styles.banners}>
        <NoSoundBanner />
        <OfflineBanner />
      </div>
      <nav className={styles.tabs} aria-label="View">
        <Segmented
          label="View"
          value={tab}
          options={[
            { value: 'tracks', label: 'Tracks' },
            { value: 'effects', label: trackName ? `Effects of ${trackName}` : 'Effects' },
          ]}
          onChange={setTab}
        />
      </nav>
      <main className={styles.body}>
        <VisuallyHidden role="heading" aria-level={1}>
          {projectName}
        </VisuallyHidden>
        <div className={styles.tracks}>
          <ErrorBoundary what="The arrangement" onError={report}>
            <Arrangement />
          </ErrorBoundary>
        </div>
        <div className={styles.rack}>
          <ErrorBoundary what="The effect chain" resetKey={trackId ?? ''} onError={report}>
            <ChainPanel />
          </ErrorBoundary>
        </div>
      </main>
      <ErrorBoundary what="The plugin browser" onError={report}>
        <PluginBrowser />
      </ErrorBoundary>
      <ExportDialog />
      <JobsTray />
      <ShareDialog />
      <AskedCards />
      <RoomEndedDialog />
      <ShortcutsSheet />
      <AudioStuckDialog />
    </div>
  );
}
