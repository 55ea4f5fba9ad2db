import { type FormEvent, useState } from 'react';
import { theApp, wordsFor } from '../session/index.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';

interface Props {
  readonly project: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
  readonly onRenamed: () => void;
}

const FORM = 'rename-project';
const MAX_LENGTH = 120;

export function RenameProjectDialog({ project, onClose, onRenamed }: Props) {
  const [name, setName] = useState(project.name);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await theApp().client.renameProject(project.id, name.trim());
      onRenamed();
      onClose();
    } catch (failure) {
      setError(wordsFor(failure).detail);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Rename project"
      size="sm"
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={FORM} tone="primary" disabled={!name.trim()}>
            Rename
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={(event) => void submit(event)}>
        <TextField
          label="Name"
          value={name}
          maxLength={MAX_LENGTH}
          error={error}
          onChange={(event) => setName(event.target.value)}
          onFocus={(event) => event.target.select()}
        />
      </form>
    </Dialog>
  );
}
