import { useEffect, useState } from 'react';
import { whyNoSound } from '../../session/engine/why-no-sound.ts';
import { useOpenProject } from '../../session/index.ts';
import { Kbd } from '../../ui/kbd.tsx';
import styles from './transport.module.css';

const HEARD = 'mixdown.heard';

function heardBefore(): boolean {
  try {
    return localStorage.getItem(HEARD) !== null;
  } catch {
    // Without storage the hint comes with every page, until Play is pressed.
    return false;
  }
}

function rememberHeard(): void {
  try {
    localStorage.setItem(HEARD, 'yes');
  } catch {
    // See above.
  }
}

/** Browsers stay silent until somebody presses something: says so to whoever has never played anything here. */
export function PlayHint() {
  const [heard, setHeard] = useState(() => heardBefore() || whyNoSound() !== null);
  const started = useOpenProject((s) => s.transport.status !== 'stopped');
  useEffect(() => {
    if (!started) return;
    setHeard(true);
    rememberHeard();
  }, [started]);
  if (heard || started) return null;
  return (
    <p className={styles.hint} data-testid="play-hint">
      Press Play to hear it
      <span className={styles.hintKey} aria-hidden>
        <Kbd keys="Space" />
      </span>
    </p>
  );
}
