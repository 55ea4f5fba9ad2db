import type { ExportView } from '@mixdown/contract';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { JobCard } from '../features/jobs/job-card.tsx';
import { createExportPoller } from '../session/exports/export-poller.ts';
import { theApp } from '../session/index.ts';
import { buttonClass } from '../ui/button.tsx';
import { NotFound } from './not-found.tsx';
import { Page } from './page.tsx';
import styles from './routes.module.css';

/** One export under an address of its own: what a copied link leads to. */
export function ExportPage({ initial }: { readonly initial: ExportView }) {
  const [view, setView] = useState(initial);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    const poller = createExportPoller({
      fetch: (id, etag) => theApp().client.export(id, etag),
      onView: setView,
      onGone: () => setGone(true),
      isHidden: () => document.visibilityState === 'hidden',
      setTimer(run, ms) {
        const timer = window.setTimeout(run, ms);
        return () => window.clearTimeout(timer);
      },
    });
    poller.watch(initial.id);
    return () => poller.close();
  }, [initial.id]);
  if (gone) return <NotFound />;
  return (
    <Page>
      <title>{`${view.projectName} · Mixdown`}</title>
      <div className={styles.exportPage}>
        <h1 className={styles.title}>{view.projectName}</h1>
        <JobCard view={view} />
        <Link
          to="/projects/$id"
          params={{ id: view.projectId }}
          className={buttonClass({ tone: 'ghost' })}
        >
          Open the project
        </Link>
      </div>
    </Page>
  );
}
