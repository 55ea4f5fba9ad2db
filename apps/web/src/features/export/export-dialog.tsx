import { useMemo, useState } from 'react';
import { requestExport, toastRequestRefused } from '../../session/exports/project-exports.ts';
import { actions, useAccount, useProject, useUi } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatName } from '../format-units.ts';
import { ExportOptions } from './export-options.tsx';
import { GuestNotice } from './guest-notice.tsx';
import { PreflightList } from './preflight-list.tsx';
import { PresetPicker } from './preset-picker.tsx';
import { type ExportSettings, PRESETS, presetOf } from './presets.ts';
import { ScopePicker } from './scope-picker.tsx';
import { usePreflight } from './use-preflight.ts';

const FIRST = PRESETS[0]?.settings as ExportSettings;
const REMEMBERED = 'mixdown.export-settings';

/** The settings of the last export in this browser: most people export the same way each time. */
function remembered(): ExportSettings {
  try {
    const preset = PRESETS.find((p) => p.id === localStorage.getItem(REMEMBERED));
    return preset?.settings ?? FIRST;
  } catch {
    return FIRST;
  }
}

function remember(settings: ExportSettings): void {
  try {
    localStorage.setItem(REMEMBERED, presetOf(settings) ?? '');
  } catch {
    // A browser without storage starts from the first preset.
  }
}

/** Mounted anew for each opening, so that each opening is one export, however often its button is pressed. */
function ExportForm({ onClose }: { readonly onClose: () => void }) {
  const guest = useAccount((s) => s.account?.role === 'guest');
  const [settings, setSettings] = useState(remembered);
  const [sending, setSending] = useState(false);
  const key = useMemo(() => crypto.randomUUID(), []);
  const check = usePreflight();
  const sampleRate = useProject((s) => s.project.sampleRate);
  const [fromPlayhead, setFromPlayhead] = useState(false);
  const [playhead] = useState(() => Math.round(actions.positionFrames()));
  const endFrame = Math.round(check.songSeconds * sampleRate);
  const range = {
    kind: 'frames',
    startFrame: fromPlayhead ? Math.min(playhead, endFrame) : 0,
    endFrame,
  } as const;
  const empty = range.endFrame <= range.startFrame;

  const submit = async () => {
    setSending(true);
    remember(settings);
    // The tray takes over at once; a refusal opens the dialog's words as a toast.
    onClose();
    try {
      const whole = { kind: 'all' } as const;
      const options = {
        ...settings,
        range: fromPlayhead ? range : whole,
        scope: 'master',
      } as const;
      await requestExport(options, key);
    } catch (error) {
      toastRequestRefused(error);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Export"
      description="Rendered on our side from exactly what you hear. You can close the tab; the link will be here."
      size="lg"
      testId="export-dialog"
      footer={
        guest ? null : (
          <>
            <Button tone="ghost" onClick={onClose}>
              Cancel
            </Button>
            <Button
              tone="primary"
              disabled={empty || sending}
              focusableWhenDisabled
              onClick={() => void submit()}
              data-testid="export-submit"
            >
              Export {formatName(settings.format)}
            </Button>
          </>
        )
      }
    >
      {guest ? (
        <GuestNotice />
      ) : (
        <>
          <PresetPicker settings={settings} onChange={setSettings} />
          <ScopePicker />
          <ExportOptions
            settings={settings}
            onChange={setSettings}
            fromPlayhead={fromPlayhead}
            onFromPlayhead={setFromPlayhead}
          />
          <PreflightList
            check={check}
            seconds={(range.endFrame - range.startFrame) / sampleRate}
            settings={settings}
          />
        </>
      )}
    </Dialog>
  );
}

export function ExportDialog() {
  const open = useUi((s) => s.exportOpen);
  if (!open) return null;
  return <ExportForm onClose={() => useUi.setState({ exportOpen: false })} />;
}
