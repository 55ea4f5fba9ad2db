import type { MyExports } from '@mixdown/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { AudioLines } from 'lucide-react';
import { useState } from 'react';
import styles from '../features/client/client.module.css';
import { groupByProject } from '../features/client/export-words.ts';
import { firstChoice, ProjectVersions } from '../features/client/project-versions.tsx';
import { useMyExports } from '../features/client/use-my-exports.ts';
import { WithdrawnNotes } from '../features/client/withdrawn-notes.tsx';
import type { ExportFilter } from '../session/exports/my-exports.ts';
import { useAccount } from '../session/index.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Page } from './page.tsx';
import pageStyles from './routes.module.css';

export type Show = 'all' | 'mine' | 'shared';
const SHOWS = ['all', 'mine', 'shared'] as const;
export interface ExportsSearch {
  readonly show?: Show;
}
export const exportsSearch = ({ show }: Record<string, unknown>): ExportsSearch => {
  const known = SHOWS.find((one) => one === show);
  return known && known !== 'all' ? { show: known } : {};
};

/** One object per filter, so that effects know it again. */
const FILTERS: Readonly<Record<Show, ExportFilter>> = {
  all: {},
  mine: { shared: false },
  shared: { shared: true },
};
export const filterOf = ({ show }: ExportsSearch): ExportFilter => FILTERS[show ?? 'all'];

function Nothing({ show, client }: { readonly show: Show; readonly client: boolean }) {
  const email = useAccount((s) => s.account?.email);
  const sharedOnly = client || show === 'shared';
  return (
    <EmptyState
      icon={<AudioLines size={24} aria-hidden />}
      title={sharedOnly ? 'Nothing shared with you yet' : 'No exports yet'}
      actions={
        !sharedOnly && (
          <Link to="/projects" className={buttonClass({ tone: 'primary' })}>
            Your projects
          </Link>
        )
      }
    >
      {sharedOnly
        ? `Ask whoever mixes for you to share an export with ${email ?? 'your account'}. It appears here by itself.`
        : 'Open a project and choose Export: the files gather here, to hear, compare and share.'}
    </EmptyState>
  );
}

/** All exports that somebody sees, by project; for clients this is home. */
export function ExportsPage({ first, show }: { readonly first: MyExports; readonly show: Show }) {
  const navigate = useNavigate();
  const client = useAccount((s) => s.account?.role === 'client');
  const { feed, state } = useMyExports(first, FILTERS[show]);
  const [choice, setChoice] = useState(() => firstChoice(first.exports));
  const title = client ? 'Shared with you' : 'Exports';
  return (
    <Page>
      <title>{`${title} · Mixdown`}</title>
      <div className={pageStyles.titleRow}>
        <h1 className={pageStyles.title}>{title}</h1>
        {!client && (
          <Segmented
            label="Which exports"
            value={show}
            options={[
              { value: 'all', label: 'All' },
              { value: 'mine', label: 'Mine' },
              { value: 'shared', label: 'Shared with me' },
            ]}
            onChange={(value) =>
              void navigate({ to: '/exports', search: exportsSearch({ show: value }) })
            }
          />
        )}
      </div>
      <WithdrawnNotes withdrawn={state.withdrawn} onDismiss={feed.dismiss} />
      {state.stale && (
        <p className={styles.stale} role="status">
          The server cannot be reached: this is how things stood a moment ago.
        </p>
      )}
      {state.exports.length === 0 ? (
        <Nothing show={show} client={client} />
      ) : (
        groupByProject(state.exports).map((group) => (
          <ProjectVersions
            key={group.projectId}
            group={group}
            choice={choice}
            onChoice={setChoice}
            mayOpen={group.exports.some((view) => !view.shared)}
            now={Date.now()}
            onActed={() => void feed.look()}
          />
        ))
      )}
      {state.hasMore && (
        <div className={styles.more}>
          <Button disabled={state.loading} onClick={() => void feed.showMore()}>
            {state.loading ? 'One moment…' : 'Show more'}
          </Button>
        </div>
      )}
    </Page>
  );
}
