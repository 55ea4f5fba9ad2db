import type { Member } from '@mixdown/contract';
import { useNavigate } from '@tanstack/react-router';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { theApp, toast, toastError, useAccount, useProject, useUi } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { InviteForm } from './invite-form.tsx';
import { MemberRow } from './member-row.tsx';
import styles from './together.module.css';
import { useMembers } from './use-members.ts';

type ProjectMember = z.infer<typeof Member>;

/** Who belongs to the project, and for its owner the way to change that. */
export function ShareDialog() {
  const open = useUi((s) => s.shareOpen);
  const owner = useProject((s) => s.role === 'owner');
  return (
    <Dialog
      open={open}
      onOpenChange={(shareOpen) => useUi.setState({ shareOpen })}
      title="Share project"
      description={
        owner
          ? 'Editors work on it with you, live. Clients hear the exports that you share with them.'
          : 'These people work on it together.'
      }
      testId="share-dialog"
    >
      {open && <ShareBody owner={owner} />}
    </Dialog>
  );
}

function ShareBody({ owner }: { readonly owner: boolean }) {
  const projectId = useProject((s) => s.project.id);
  const account = useAccount((s) => s.account);
  const navigate = useNavigate();
  const { members, reload } = useMembers(projectId);
  const [leaving, setLeaving] = useState(false);
  const { client } = theApp();

  const change = async (what: string, run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      toastError(error, what);
    }
    await reload();
  };
  const remove = (member: ProjectMember) =>
    change(`remove ${member.email}`, async () => {
      await client.removeMember(projectId, member.userId);
      const { email } = member;
      const role = member.role === 'client' ? 'client' : 'editor';
      toast({
        tone: 'info',
        title: `${email} is no longer in this project`,
        durationMs: 9000,
        action: {
          label: 'Undo',
          run: () =>
            void change(`bring ${email} back`, () =>
              client.setMemberRole(projectId, member.userId, role),
            ),
        },
      });
    });
  const leave = async () => {
    try {
      await client.removeMember(projectId, account?.id ?? '');
      useUi.setState({ shareOpen: false });
      await navigate({ to: '/projects' });
    } catch (error) {
      toastError(error, 'leave the project');
    }
  };

  return (
    <div className={styles.share}>
      {owner && <InviteForm projectId={projectId} onInvited={() => void reload()} />}
      <ul className={styles.members} aria-label="Members" aria-busy={members === null}>
        {(members ?? []).map((member) => (
          <MemberRow
            key={member.userId}
            member={member}
            self={member.userId === account?.id}
            editable={owner && member.role !== 'owner'}
            onRole={(role) =>
              void change(`change the role of ${member.email}`, () =>
                client.setMemberRole(projectId, member.userId, role),
              )
            }
            onRemove={() => void remove(member)}
          />
        ))}
      </ul>
      {!owner && (
        <div>
          <Button
            tone="ghost"
            size="sm"
            icon={<LogOut size={14} aria-hidden />}
            onClick={() => setLeaving(true)}
          >
            Leave project
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={leaving}
        onOpenChange={setLeaving}
        title="Leave this project?"
        confirmLabel="Leave"
        onConfirm={() => void leave()}
      >
        What you have done stays in it. Only its owner can bring you back.
      </ConfirmDialog>
    </div>
  );
}
