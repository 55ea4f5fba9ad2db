import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { Catalog } from '@mixdown/contract';
import { PLUGIN_CATEGORIES } from '@mixdown/contract';
import styles from './browser.module.css';
import { CATEGORY_LOOK } from './category-look.ts';
import type { Category } from './sections.ts';

interface CategoryFilterProps {
  readonly catalog: Catalog;
  readonly value: Category | null;
  readonly onChange: (category: Category | null) => void;
}

const ALL = 'all';

/** The categories that there is something in. */
export function CategoryFilter({ catalog, value, onChange }: CategoryFilterProps) {
  const present = PLUGIN_CATEGORIES.filter((category) =>
    catalog.entries.some((entry) => entry.category === category),
  );
  return (
    <RadioGroup
      aria-label="Category"
      className={styles.categories}
      value={value ?? ALL}
      onValueChange={(next) => onChange(next === ALL ? null : (next as Category))}
    >
      <Radio.Root value={ALL} className={styles.category}>
        All
      </Radio.Root>
      {present.map((category) => {
        const { icon: Icon, label } = CATEGORY_LOOK[category];
        return (
          <Radio.Root key={category} value={category} className={styles.category}>
            <Icon size={13} aria-hidden />
            {label}
          </Radio.Root>
        );
      })}
    </RadioGroup>
  );
}
