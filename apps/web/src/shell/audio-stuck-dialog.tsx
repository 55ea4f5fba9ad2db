import { useOpenProject } from '../session/index.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** A plugin that never returns takes the browser's audio with it; only a new page gets it back. */
export function AudioStuckDialog() {
  const stuck = useOpenProject((s) => s.audioStuck);
  return (
    <Dialog
      open={stuck}
      onOpenChange={(open) => !open && useOpenProject.setState({ audioStuck: false })}
      title="Audio has stopped"
      description="An effect does not answer any more and holds up the browser’s audio. Your work is saved; reload the page to hear it again."
      size="sm"
      footer={
        <Button tone="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      }
    />
  );
}
