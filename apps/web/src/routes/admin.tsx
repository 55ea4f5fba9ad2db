import { type AdminExports, EXPORT_STATUSES } from '@mixdown/contract';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import styles from '../features/admin/admin.module.css';
import { AdminPage, Pager } from '../features/admin/admin-page.tsx';
import type { ReviewSearch } from '../features/admin/admin-search.ts';
import { ExportsTable } from '../features/admin/exports-table.tsx';
import { PeoplePanel } from '../features/admin/people-panel.tsx';
import { type Asked, ReasonDialog, type Revealed } from '../features/admin/reason-dialog.tsx';
import { ReviewDialog } from '../features/admin/review-dialog.tsx';
import { STATUS_WORDS } from '../features/jobs/job-words.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/select.tsx';

/** New exports appear by themselves, but not under the hand of somebody who reads. */
const REFRESH_MS = 15_000;
const ANY = 'any';

const STATUS_OPTIONS = [
  { value: ANY, label: 'Any state' },
  ...EXPORT_STATUSES.map((status) => ({ value: status as string, label: STATUS_WORDS[status] })),
];

function useRefresh(paused: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (paused) return;
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible' && !document.querySelector('table:hover'))
        void router.invalidate();
    }, REFRESH_MS);
    return () => window.clearInterval(timer);
  }, [paused, router]);
}

/** Everybody's exports, who exports how much, and what an admin can do about it. */
export function AdminExportsPage({
  data,
  search,
}: {
  readonly data: z.output<typeof AdminExports>;
  readonly search: ReviewSearch;
}) {
  const navigate = useNavigate();
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [reviewing, setReviewing] = useState<(typeof data.exports)[number] | null>(null);
  const [revealed, setRevealed] = useState<(Revealed & { readonly id: string }) | null>(null);
  const [version, setVersion] = useState(0);
  useRefresh(asked !== null || reviewing !== null);
  const filter = (change: ReviewSearch) =>
    void navigate({ to: '/admin', search: { ...search, cursor: undefined, ...change } });
  // As the list has it now; what a filter no longer shows stays open as it was last seen.
  const shown = data.exports.find(({ id }) => id === reviewing?.id) ?? reviewing;

  return (
    <AdminPage title="Exports">
      <div className={styles.titleRow}>
        <h1 className={styles.title}>Exports</h1>
        <div className={styles.filters}>
          <Select
            label="State"
            value={search.status ?? ANY}
            options={STATUS_OPTIONS}
            className={styles.filter}
            testId="admin-status"
            onChange={(value) =>
              filter({ status: EXPORT_STATUSES.find((status) => status === value) })
            }
          />
          <Select
            label="Held back"
            value={search.held ? 'held' : ANY}
            options={[
              { value: ANY, label: 'Held back or not' },
              { value: 'held', label: 'Held back' },
            ]}
            className={styles.filter}
            onChange={(value) => filter({ held: value === 'held' ? true : undefined })}
          />
        </div>
      </div>
      <PeoplePanel
        users={data.users}
        chosen={search.user}
        onChoose={(user) => filter({ user })}
        onAsk={setAsked}
      />
      {data.exports.length === 0 ? (
        <EmptyState icon={<ShieldCheck size={24} aria-hidden />} title="No exports here">
          {Object.keys(search).length > 0
            ? 'Nothing fits these filters.'
            : 'Nobody has exported anything yet.'}
        </EmptyState>
      ) : (
        <ExportsTable
          exports={data.exports}
          onReview={(id) => setReviewing(data.exports.find((one) => one.id === id) ?? null)}
        />
      )}
      <Pager
        next={data.next}
        deep={search.cursor !== undefined}
        onCursor={(cursor) => filter({ cursor })}
      />
      {shown && (
        <ReviewDialog
          view={shown}
          revealed={revealed?.id === shown.id ? revealed : null}
          version={version}
          onAsk={setAsked}
          onClose={() => {
            setReviewing(null);
            setRevealed(null);
          }}
        />
      )}
      {asked && (
        <ReasonDialog
          asked={asked}
          onClose={() => setAsked(null)}
          onDone={({ id }, answer) => {
            if (answer) setRevealed({ ...answer, id });
            setVersion((v) => v + 1);
            void router.invalidate();
          }}
        />
      )}
    </AdminPage>
  );
}
