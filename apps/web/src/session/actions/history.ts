import type { Step } from '../history.ts';
import { theProject } from '../open-project.ts';
import { announce } from '../stores/announcer.ts';
import { useOpenProject } from '../stores/session-store.ts';
import { toast } from '../stores/toasts.ts';

const refreshLabels = () =>
  useOpenProject.setState({ history: theProject().session.historyLabels() });

export function undo(): void {
  const label = theProject().session.undo();
  refreshLabels();
  if (label) announce(`Undone: ${label}`);
}

export function redo(): void {
  const label = theProject().session.redo();
  refreshLabels();
  if (label) announce(`Redone: ${label}`);
}

/** Says that something is gone, with a way back. */
export function offerUndo(title: string, step: Step): void {
  toast({
    tone: 'info',
    title,
    durationMs: 9000,
    action: {
      label: 'Undo',
      run() {
        theProject().session.undoStep(step);
        refreshLabels();
      },
    },
  });
}

export { refreshLabels };
