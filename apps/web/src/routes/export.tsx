import type { MyExports } from '@mixdown/contract';
import { Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useMemo, useState } from 'react';
import { groupByProject } from '../features/client/export-words.ts';
import { firstChoice, ProjectVersions } from '../features/client/project-versions.tsx';
import { useMyExports } from '../features/client/use-my-exports.ts';
import { WithdrawnNotes } from '../features/client/withdrawn-notes.tsx';
import { useAccount } from '../session/index.ts';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { Page } from './page.tsx';
import styles from './routes.module.css';

/** In place of an export that is not there for this account: whom to ask. */
export function NoExport() {
  const email = useAccount((s) => s.account?.email);
  return (
    <Page>
      <title>No access · Mixdown</title>
      <VisuallyHidden role="heading" aria-level={1}>
        This export is not shared with you
      </VisuallyHidden>
      <EmptyState
        icon={<Lock size={24} aria-hidden />}
        title="This export is not shared with you"
        actions={
          <>
            <Link
              to="/sign-in"
              search={{ mode: 'in', next: window.location.pathname }}
              className={buttonClass({ tone: 'ghost' })}
            >
              Sign in with another account
            </Link>
            <Link to="/exports" className={buttonClass({ tone: 'primary' })}>
              What is shared with you
            </Link>
          </>
        }
      >
        {email
          ? `You are signed in as ${email}. Ask whoever sent you the link to share the export with this address. It may also have been deleted.`
          : 'Sign in with the address that it was shared with, or ask whoever sent you the link.'}
      </EmptyState>
    </Page>
  );
}

/** One export under an address of its own, what a copied link leads to, among the versions that one sees beside it. */
export function ExportPage({
  id,
  projectId,
  first,
}: {
  readonly id: string;
  readonly projectId: string;
  readonly first: MyExports;
}) {
  const filter = useMemo(() => ({ projectId }), [projectId]);
  const { feed, state } = useMyExports(first, filter);
  const [choice, setChoice] = useState(() => firstChoice(first.exports, id));
  const view = state.exports.find((one) => one.id === id);
  const withdrawn = state.withdrawn.some((one) => one.export.id === id);
  if (!view && withdrawn && state.exports.length === 0) return <NoExport />;
  const [group] = groupByProject(state.exports);
  const name = group?.name ?? '';
  return (
    <Page>
      <title>{`${name} · Mixdown`}</title>
      <div className={styles.titleRow}>
        <h1 className={styles.title}>{view ? `${name}, v${view.version}` : name}</h1>
        <Link to="/exports" className={buttonClass({ tone: 'ghost' })}>
          All exports
        </Link>
      </div>
      <WithdrawnNotes withdrawn={state.withdrawn} onDismiss={feed.dismiss} />
      {group && (
        <ProjectVersions
          group={group}
          choice={choice}
          onChoice={setChoice}
          mayOpen={group.exports.some((one) => !one.shared)}
          now={Date.now()}
          onActed={() => void feed.look()}
        />
      )}
    </Page>
  );
}
