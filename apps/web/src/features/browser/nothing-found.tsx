import { SearchX } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import styles from './browser.module.css';
import { CATEGORY_LOOK } from './category-look.ts';
import type { Category } from './sections.ts';

interface NothingFoundProps {
  readonly search: string;
  readonly category: Category | null;
  /** The server offers no effect at all. */
  readonly empty: boolean;
  readonly onWiden: () => void;
}

export function NothingFound({ search, category, empty, onWiden }: NothingFoundProps) {
  const icon = <SearchX size={20} aria-hidden />;
  if (empty)
    return (
      <EmptyState className={styles.nothing} icon={icon} title="No effects are installed">
        Whoever runs this server can add a collection of plugins.
      </EmptyState>
    );
  const words = search.trim();
  return (
    <EmptyState
      className={styles.nothing}
      icon={icon}
      title={category ? `Nothing under ${CATEGORY_LOOK[category].label}` : `Nothing for “${words}”`}
      actions={
        <Button onClick={onWiden}>{category ? 'Search all categories' : 'Show all effects'}</Button>
      }
    >
      {category && words
        ? `No effect of this category fits “${words}”.`
        : 'Try what it should do, such as “warm”, “punch”, “space” or “wide”.'}
    </EmptyState>
  );
}
