import { ADMIN_ACTIONS, type AdminAudit } from '@mixdown/contract';
import { useNavigate } from '@tanstack/react-router';
import { ScrollText } from 'lucide-react';
import type { z } from 'zod';
import styles from '../features/admin/admin.module.css';
import { AdminPage, Pager } from '../features/admin/admin-page.tsx';
import type { AuditSearch } from '../features/admin/admin-search.ts';
import { AuditTable, actionWords } from '../features/admin/audit-list.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/select.tsx';

const ANY = 'any';
const OPTIONS = [
  { value: ANY, label: 'Everything' },
  ...ADMIN_ACTIONS.map((action) => ({ value: action as string, label: actionWords(action) })),
];

/** What admins did. Nobody changes it: not here, and not in the database. */
export function AdminAuditPage({
  data,
  search,
}: {
  readonly data: z.output<typeof AdminAudit>;
  readonly search: AuditSearch;
}) {
  const navigate = useNavigate();
  const filter = (change: AuditSearch) =>
    void navigate({ to: '/admin/audit', search: { ...search, cursor: undefined, ...change } });
  const { admin, export: exportId, user } = search;
  const narrowed = admin ?? exportId ?? user;
  return (
    <AdminPage title="Audit">
      <div className={styles.titleRow}>
        <h1 className={styles.title}>Audit</h1>
        <div className={styles.filters}>
          {narrowed && (
            <Button
              onClick={() => filter({ admin: undefined, export: undefined, user: undefined })}
            >
              Show everybody and everything
            </Button>
          )}
          <Select
            label="What was done"
            value={search.action ?? ANY}
            options={OPTIONS}
            className={styles.filter}
            onChange={(value) =>
              filter({ action: ADMIN_ACTIONS.find((action) => action === value) })
            }
          />
        </div>
      </div>
      {data.entries.length === 0 ? (
        <EmptyState icon={<ScrollText size={24} aria-hidden />} title="Nothing here">
          {Object.keys(search).length > 0
            ? 'Nothing fits these filters.'
            : 'No admin has done anything yet.'}
        </EmptyState>
      ) : (
        <AuditTable
          entries={data.entries}
          onAdmin={(id) => filter({ admin: id })}
          onExport={(id) => filter({ export: id })}
          onUser={(id) => filter({ user: id })}
        />
      )}
      <Pager
        next={data.next}
        deep={search.cursor !== undefined}
        onCursor={(cursor) => filter({ cursor })}
      />
    </AdminPage>
  );
}
