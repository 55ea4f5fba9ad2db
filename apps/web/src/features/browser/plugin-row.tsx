import type { CatalogEntry } from '@mixdown/contract';
import { CornerDownLeft } from 'lucide-react';
import styles from './browser.module.css';
import { CATEGORY_LOOK } from './category-look.ts';

interface PluginRowProps {
  readonly id: string;
  readonly entry: CatalogEntry;
  readonly active: boolean;
  readonly onHover: () => void;
  readonly onChoose: (event: { readonly shiftKey: boolean }) => void;
}

/** One result. The keyboard stays in the search field, which points at the active row. */
export function PluginRow({ id, entry, active, onHover, onChoose }: PluginRowProps) {
  const { icon: Icon } = CATEGORY_LOOK[entry.category];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the search field chooses the active row
    // biome-ignore lint/a11y/useFocusableInteractive: the search field keeps the focus (aria-activedescendant)
    <div
      id={id}
      role="option"
      aria-selected={active}
      className={styles.row}
      data-testid={`plugin-result-${entry.id}`}
      data-category={entry.category}
      onPointerMove={onHover}
      onClick={onChoose}
    >
      <span className={styles.tile} aria-hidden>
        <Icon size={16} />
      </span>
      <span className={styles.rowText}>
        <span className={styles.rowTitle}>
          <span className={styles.rowName}>{entry.name}</span>
          <span className={styles.rowVendor}>{entry.vendor}</span>
        </span>
        <span className={styles.rowDescription}>{entry.description}</span>
      </span>
      <span className={styles.licence}>{entry.license}</span>
      <CornerDownLeft size={14} aria-hidden className={styles.enter} />
    </div>
  );
}
