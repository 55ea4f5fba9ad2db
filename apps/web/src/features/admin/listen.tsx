import { useState } from 'react';
import { useCountdown } from '../together/use-countdown.ts';
import styles from './admin.module.css';
import type { Revealed } from './reason-dialog.tsx';

/** Plays what was revealed for as long as the link lasts. Nothing is fetched before somebody presses play. */
export function Listen({ revealed }: { readonly revealed: Revealed }) {
  const [until] = useState(
    () => performance.now() + (Date.parse(revealed.urlExpiresAt) - Date.now()),
  );
  const [failed, setFailed] = useState(false);
  const seconds = useCountdown(until) ?? 0;
  if (seconds === 0)
    return <p className={styles.quiet}>The link has run out. Listen again with a new reason.</p>;
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <div className={styles.listen}>
      {/* biome-ignore lint/a11y/useMediaCaption: a mix of music has no words to caption */}
      <audio
        controls
        preload="none"
        src={revealed.url}
        aria-label={`Play ${revealed.fileName}`}
        data-testid="reveal-audio"
        onError={() => setFailed(true)}
      />
      <p className={styles.quiet}>
        {failed
          ? 'This browser cannot play the file, or it is gone by now.'
          : `The link lasts ${left} longer.`}
      </p>
    </div>
  );
}
