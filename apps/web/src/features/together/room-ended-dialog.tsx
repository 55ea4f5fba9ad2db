import { useNavigate } from '@tanstack/react-router';
import { actions, useAccount, useRoom } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

const reload = () => window.location.reload();

/** The room has ended for this page: why, and the way on. A session that ran out has a dialog of its own. */
export function RoomEndedDialog() {
  const mode = useRoom((s) => s.mode);
  const reason = useRoom((s) => s.ended);
  const expired = useAccount((s) => s.expired);
  const navigate = useNavigate();
  if (mode !== 'ended' || !reason || expired) return null;
  const projects = (
    <Button tone="primary" onClick={() => void navigate({ to: '/projects' })}>
      To your projects
    </Button>
  );
  const words = {
    forbidden: {
      title: 'You are no longer in this project',
      text: 'Its owner has taken you out of it. What you did until then is kept.',
      action: projects,
    },
    demoted: {
      title: 'You are a client of this project now',
      text: 'Its owner has changed your role: you hear the exports that are shared with you. What you did until then is kept.',
      action: projects,
    },
    not_found: {
      title: 'This project has been deleted',
      text: 'Its owner has deleted it, for everybody in it.',
      action: projects,
    },
    token_invalid: {
      title: 'You are signed out',
      text: 'Sign in again to go on. What you did until then is kept.',
      action: (
        <Button
          tone="primary"
          onClick={() => void navigate({ to: '/sign-in', search: { mode: 'in' } })}
        >
          Sign in
        </Button>
      ),
    },
    replaced: {
      title: 'Open again elsewhere',
      text: 'This tab was opened a second time, and only one of them can be live.',
      action: (
        <Button tone="primary" onClick={() => actions.rejoin()}>
          Go on here
        </Button>
      ),
    },
    bad_version: {
      title: 'There is a new Mixdown',
      text: 'Reload the page to go on. What you did until now is kept.',
      action: (
        <Button tone="primary" onClick={reload}>
          Reload
        </Button>
      ),
    },
    malformed: {
      title: 'The connection has ended',
      text: 'The server did not understand this page. Reload it to go on; what you did is kept.',
      action: (
        <Button tone="primary" onClick={reload}>
          Reload
        </Button>
      ),
    },
  };
  const { title, text, action } = words[reason === 'too_large' ? 'malformed' : reason];
  return (
    <Dialog
      open
      onOpenChange={() => void navigate({ to: '/projects' })}
      size="sm"
      title={title}
      description={text}
      footer={action}
      testId="room-ended"
    />
  );
}
