import type { CatalogEntry } from '@mixdown/contract';
import { searchCatalog } from '@mixdown/wam-catalog';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from 'react';
import { closeBrowser, useCatalog } from '../../session/index.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import styles from './browser.module.css';
import { CategoryFilter } from './category-filter.tsx';
import { NothingFound } from './nothing-found.tsx';
import { ResultList } from './result-list.tsx';
import { type Category, flatten, sectionsOf, walk } from './sections.ts';
import { useInsert } from './use-insert.ts';

export function BrowserPanel() {
  const catalog = useCatalog();
  const listId = useId();
  const [search, setSearch] = useState('');
  const [category, setCategory] = useState<Category | null>(null);
  const [active, setActive] = useState(0);
  const { target, insert } = useInsert();
  const query = useDeferredValue(search);

  const sections = useMemo(() => {
    const results = searchCatalog(catalog, { search: query, category: category ?? undefined });
    return sectionsOf(results, query.trim() !== '');
  }, [catalog, query, category]);
  const results = flatten(sections);
  const at = Math.min(active, Math.max(0, results.length - 1));
  const optionId = (entry: CatalogEntry) => `${listId}-${entry.id}`;
  const current = results[at];

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const next = walk(event.key, at, results.length);
    if (next !== null) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === 'Enter' && current && !event.nativeEvent.isComposing) {
      event.preventDefault();
      // Typed faster than the list followed: Enter means what has been typed.
      const typed = search === query ? current : searchCatalog(catalog, { search })[0];
      insert(typed ?? current, { stay: event.shiftKey });
    }
  };
  const restart = (change: () => void) => {
    change();
    setActive(0);
  };

  return (
    <div className={styles.panel}>
      <div className={styles.search}>
        <Search size={17} aria-hidden />
        <input
          className={styles.input}
          placeholder={target ? `Add an effect to ${target.words}` : 'Search the effects'}
          aria-label="Search the effects"
          role="combobox"
          aria-expanded={results.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={current ? optionId(current) : undefined}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="done"
          value={search}
          onChange={(event) => restart(() => setSearch(event.target.value))}
          onKeyDown={onKeyDown}
        />
        <IconButton label="Close" tooltip={null} onClick={closeBrowser}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <CategoryFilter
        catalog={catalog}
        value={category}
        onChange={(next) => restart(() => setCategory(next))}
      />
      <ResultList
        {...{ listId, sections, optionId }}
        activeId={current?.id ?? null}
        onHover={(entry) => setActive(results.indexOf(entry))}
        onChoose={(entry, o) => insert(entry, o)}
      />
      {results.length === 0 && (
        <NothingFound
          search={search}
          category={category}
          empty={catalog.entries.length === 0}
          onWiden={() => restart(() => (category ? setCategory(null) : setSearch('')))}
        />
      )}
      <footer className={styles.footer}>
        <span className={styles.target} role="status">
          {!target
            ? 'Add a track first: effects need something to work on.'
            : target.full
              ? `${target.words.split(',')[0]} is full. Remove an effect first.`
              : `Goes to ${target.words}`}
        </span>
        <span className={styles.hints} aria-hidden>
          <Kbd keys="ArrowUp+ArrowDown" /> choose
          <Kbd keys="Enter" /> add
          <Kbd keys="Shift+Enter" /> add more
        </span>
      </footer>
    </div>
  );
}
