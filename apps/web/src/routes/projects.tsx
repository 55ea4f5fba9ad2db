import { Link, useNavigate, useRouter } from '@tanstack/react-router';
import { Ellipsis, FolderOpen, Pencil, Plus, Sparkles, Trash2, Users } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { formatSince } from '../features/format-units.ts';
import type { Client } from '../session/api/client.ts';
import { theApp, toastError, useAccount } from '../session/index.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { Page } from './page.tsx';
import { RenameProjectDialog } from './rename-project-dialog.tsx';
import styles from './routes.module.css';
import { SharedBy } from './shared-by.tsx';

type ListedProject = Awaited<ReturnType<Client['projects']>>[number];

const SHARED_WORDS = { editor: 'Shared, you edit', client: 'You are a client' } as const;

/** Clients have no project to open: what is theirs comes to them as exports. */
function ProjectLink({
  project,
  children,
}: {
  readonly project: ListedProject;
  readonly children: ReactNode;
}) {
  const { id, role } = project;
  const common = { className: styles.projectLink, 'data-testid': `project-${id}` };
  if (role === 'client')
    return (
      <Link to="/exports" search={{ show: 'shared' }} {...common}>
        {children}
      </Link>
    );
  return (
    <Link to="/projects/$id" params={{ id }} {...common}>
      {children}
    </Link>
  );
}

function ProjectRow({
  project,
  onRename,
  onDelete,
}: {
  readonly project: ListedProject;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}) {
  const owner = project.role === 'owner';
  const facts = [
    `${project.trackCount} ${project.trackCount === 1 ? 'track' : 'tracks'}`,
    `${project.tempo} BPM`,
  ];
  return (
    <li className={styles.project}>
      <ProjectLink project={project}>
        <span className={styles.projectTitle}>
          <span className={styles.projectName}>{project.name}</span>
          {project.role !== 'owner' && (
            <Badge tone="info">
              <Users size={11} aria-hidden /> {SHARED_WORDS[project.role]}
            </Badge>
          )}
        </span>
        <span className={styles.projectFacts}>
          {facts.join(' · ')}
          {project.role !== 'owner' && <SharedBy projectId={project.id} />}
        </span>
      </ProjectLink>
      <span className={styles.projectSince}>
        {formatSince(Date.parse(project.updatedAt), Date.now())}
      </span>
      {owner && (
        <Menu
          align="end"
          trigger={
            <IconButton label={`More for ${project.name}`} tooltip={null}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil size={14} aria-hidden />} onClick={onRename}>
            Rename…
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={<Trash2 size={14} aria-hidden />} tone="danger" onClick={onDelete}>
            Delete…
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}

/** All projects of the account, and the ways to a new one. */
export function ProjectsPage({ projects }: { readonly projects: readonly ListedProject[] }) {
  const navigate = useNavigate();
  const router = useRouter();
  const role = useAccount((s) => s.account?.role);
  const [renaming, setRenaming] = useState<ListedProject | null>(null);
  const [deleting, setDeleting] = useState<ListedProject | null>(null);
  const [busy, setBusy] = useState(false);
  const mayCreate = role !== 'client';

  const create = async (from: 'empty' | 'demo') => {
    setBusy(true);
    try {
      const name = from === 'demo' ? 'Demo' : 'Untitled';
      const { id } = await theApp().client.createProject({ name, from });
      await navigate({ to: '/projects/$id', params: { id } });
    } catch (error) {
      toastError(error, 'create the project');
    } finally {
      setBusy(false);
    }
  };
  const remove = async ({ id }: ListedProject) => {
    try {
      await theApp().client.deleteProject(id);
    } catch (error) {
      toastError(error, 'delete the project');
    }
    await router.invalidate();
  };
  const ways = mayCreate && (
    <>
      <Button
        icon={<Sparkles size={15} aria-hidden />}
        disabled={busy}
        onClick={() => void create('demo')}
      >
        Copy of the demo
      </Button>
      <Button
        tone="primary"
        icon={<Plus size={15} aria-hidden />}
        disabled={busy}
        onClick={() => void create('empty')}
        data-testid="new-project"
      >
        New project
      </Button>
    </>
  );

  return (
    <Page>
      <title>Projects · Mixdown</title>
      <div className={styles.titleRow}>
        <h1 className={styles.title}>Projects</h1>
        {projects.length > 0 && <div className={styles.titleActions}>{ways}</div>}
      </div>
      {role === 'guest' && (
        <p className={styles.note}>
          You are here as a guest: your project is kept for a day.{' '}
          <Link to="/sign-in" search={{ mode: 'up' }}>
            Sign up
          </Link>{' '}
          and it stays.
        </p>
      )}
      {projects.length === 0 ? (
        <EmptyState
          icon={<FolderOpen size={24} aria-hidden />}
          title={mayCreate ? 'No projects yet' : 'Nothing shared with you yet'}
          actions={ways}
        >
          {mayCreate
            ? 'Begin with an empty one, or take the demo apart.'
            : 'Whoever works with you sends you links to their exports.'}
        </EmptyState>
      ) : (
        <ul className={styles.projects}>
          {projects.map((project) => (
            <ProjectRow
              key={project.id}
              project={project}
              onRename={() => setRenaming(project)}
              onDelete={() => setDeleting(project)}
            />
          ))}
        </ul>
      )}
      {renaming && (
        <RenameProjectDialog
          project={renaming}
          onClose={() => setRenaming(null)}
          onRenamed={() => void router.invalidate()}
        />
      )}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title={`Delete “${deleting?.name ?? ''}”?`}
        confirmLabel="Delete project"
        onConfirm={() => deleting && void remove(deleting)}
      >
        Its tracks, audio, effects and exports go with it, for everybody in it. This cannot be
        undone.
      </ConfirmDialog>
    </Page>
  );
}
