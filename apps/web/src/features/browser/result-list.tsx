import type { CatalogEntry } from '@mixdown/contract';
import { useEffect, useRef } from 'react';
import styles from './browser.module.css';
import { CATEGORY_LOOK } from './category-look.ts';
import { PluginRow } from './plugin-row.tsx';
import type { Section } from './sections.ts';

interface ResultListProps {
  readonly listId: string;
  readonly sections: readonly Section[];
  readonly activeId: string | null;
  readonly optionId: (entry: CatalogEntry) => string;
  readonly onHover: (entry: CatalogEntry) => void;
  readonly onChoose: (entry: CatalogEntry, o: { readonly stay: boolean }) => void;
}

export function ResultList(props: ResultListProps) {
  const { listId, sections, activeId, optionId, onHover, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the active row changes by id
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  return (
    <div
      ref={list}
      id={listId}
      className={styles.list}
      role="listbox"
      aria-label="Effects"
      hidden={sections.length === 0}
    >
      {sections.map(({ category, entries }) => (
        // biome-ignore lint/a11y/useSemanticElements: groups inside a listbox have no element of their own
        <div
          key={category ?? 'ranked'}
          role="group"
          aria-label={category ? CATEGORY_LOOK[category].label : 'Best matches'}
        >
          {category && (
            <div className={styles.heading} aria-hidden>
              {CATEGORY_LOOK[category].label}
            </div>
          )}
          {entries.map((entry) => (
            <PluginRow
              key={entry.id}
              id={optionId(entry)}
              entry={entry}
              active={entry.id === activeId}
              onHover={() => entry.id !== activeId && onHover(entry)}
              onChoose={(event) => onChoose(entry, { stay: event.shiftKey })}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
