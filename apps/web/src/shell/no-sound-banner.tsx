import { VolumeX } from 'lucide-react';
import { whyNoSound } from '../session/engine/why-no-sound.ts';
import styles from './shell.module.css';

/** Says before anybody presses Play that this browser cannot, and where it can be heard. */
export function NoSoundBanner() {
  const why = whyNoSound();
  if (!why) return null;
  return (
    <div className={styles.banner} role="status" data-testid="no-sound">
      <VolumeX size={14} aria-hidden />
      <span>
        No sound here. {why} A current Chrome, Edge, Firefox or Safari plays it; you can look, edit
        and export all the same.
      </span>
    </div>
  );
}
