import type { Step } from '../history.ts';
import { theProject } from '../open-project.ts';
import { announce } from '../stores/announcer.ts';
import { useOpenProject } from '../stores/session-store.ts';
import { toast } from '../stores/toasts.ts';

const refreshLabels = () =>
  useOpenProject.setState({ history: theProject().session.historyLabels() });

/** Somebody else edits what the step is about: it stays for later. */
function tellBlocked(side: 'undo' | 'redo'): void {
  const blocked = theProject().session.blocked(side);
  if (!blocked) return;
  const title = `Cannot ${side} ${blocked.label} right now`;
  toast({ tone: 'info', title, detail: `${blocked.why}. Ask for control, or try again later.` });
  announce(`${title}. ${blocked.why}`);
}

export function undo(): void {
  const label = theProject().session.undo();
  refreshLabels();
  if (label) announce(`Undone: ${label}`);
  else tellBlocked('undo');
}

export function redo(): void {
  const label = theProject().session.redo();
  refreshLabels();
  if (label) announce(`Redone: ${label}`);
  else tellBlocked('redo');
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
