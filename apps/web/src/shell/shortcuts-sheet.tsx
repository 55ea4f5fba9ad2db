import { useUi } from '../session/index.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import styles from './shell.module.css';
import { SHORTCUTS } from './shortcuts.ts';

/** Keys that belong to one control; they work while it has the focus. */
const LOCAL = [
  { keys: 'ArrowUp', label: 'Knob, fader: one step; with Shift a fine one' },
  { keys: 'Enter', label: 'Knob, fader: type a value, such as 1k2, −6 dB or 1/8' },
  { keys: 'Delete', label: 'Knob: default value. Clip, effect: remove' },
  { keys: 'Alt+ArrowUp', label: 'Effect, track, clip: move along its list' },
  { keys: 'ArrowRight', label: 'Clip: a beat later; with Alt 10 ms' },
] as const;

const GROUPS = ['Playback', 'Editing', 'View'] as const;

const Line = ({ keys, label }: { readonly keys: string; readonly label: string }) => (
  <li className={styles.shortcut}>
    <span>{label}</span>
    <Kbd keys={keys} />
  </li>
);

export function ShortcutsSheet() {
  const open = useUi((s) => s.shortcutsOpen);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => useUi.setState({ shortcutsOpen: next })}
      title="Keyboard"
      size="md"
      testId="shortcuts"
    >
      <div className={styles.shortcutGroups}>
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className={styles.shortcutHeading}>{group}</h3>
            <ul>
              {SHORTCUTS.filter((s) => s.group === group).map((s) => (
                <Line key={s.keys} keys={s.keys} label={s.label} />
              ))}
            </ul>
          </section>
        ))}
        <section aria-label="On what has the focus">
          <h3 className={styles.shortcutHeading}>On what has the focus</h3>
          <ul>
            {LOCAL.map((s) => (
              <Line key={s.label} keys={s.keys} label={s.label} />
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  );
}
