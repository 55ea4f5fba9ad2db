import { properName, useLookers } from '../../session/index.ts';
import { VisuallyHidden } from '../../ui/visually-hidden.tsx';
import styles from './together.module.css';

type At = { readonly trackId: string } | { readonly pluginId: string };

/** A small mark in the colour of everybody else who looks at this track or effect. */
export function LookMarkers({ at }: { readonly at: At }) {
  const lookers = useLookers(at);
  if (lookers.length === 0) return null;
  const words = `${lookers.map((p) => properName(p.name)).join(', ')} ${lookers.length === 1 ? 'is' : 'are'} here`;
  return (
    <span className={styles.looks} title={words} data-testid="looks">
      {lookers.map((p) => (
        <span
          key={p.userId}
          className={styles.look}
          data-person={p.color % 8}
          data-reconnecting={p.state === 'reconnecting' ? '' : undefined}
        />
      ))}
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  );
}
