import styles from './kbd.module.css';
import { keyLabels } from './key-labels.ts';

const IS_APPLE = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A shortcut such as `Mod+K` or `Alt+ArrowUp`, in the signs of the machine at hand. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className={styles.keys}>
      {keyLabels(keys, IS_APPLE).map((label) => (
        <kbd key={label} className={styles.key}>
          {label}
        </kbd>
      ))}
    </span>
  );
}
