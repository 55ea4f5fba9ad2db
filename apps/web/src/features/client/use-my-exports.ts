import type { MyExports } from '@mixdown/contract';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import {
  createMyExports,
  type ExportFilter,
  type MyExportsFeed,
} from '../../session/exports/my-exports.ts';
import { theApp } from '../../session/index.ts';

/** The listing, kept up to date as long as the component is there. Give the component a key per filter. */
export function useMyExports(first: MyExports, filter: ExportFilter) {
  const [feed, setFeed] = useState<MyExportsFeed>(() => create(first, filter));
  useEffect(() => {
    // A second mount of the same component finds the first one's feed closed.
    const mine = create(first, filter);
    setFeed(mine);
    const onVisible = () => {
      if (document.visibilityState === 'visible') void mine.look();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      mine.close();
    };
  }, [first, filter]);
  return { feed, state: useStore(feed.store) };
}

const create = (first: MyExports, filter: ExportFilter): MyExportsFeed =>
  createMyExports(
    {
      filter,
      fetch: (query) => theApp().client.myExports(query),
      isHidden: () => document.visibilityState === 'hidden',
      setTimer(run, ms) {
        const timer = window.setTimeout(run, ms);
        return () => window.clearTimeout(timer);
      },
    },
    first,
  );
