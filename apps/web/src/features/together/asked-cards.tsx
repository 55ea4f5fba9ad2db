import { type Ask, actions, pluginName, useProject, useRoom } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Avatar } from './avatar.tsx';
import styles from './together.module.css';
import { useCountdown } from './use-countdown.ts';

/** Everybody who would like to edit what this tab holds. It stays beside the work and takes no focus. */
export function AskedCards() {
  const asks = useRoom((s) => s.asks);
  if (asks.length === 0) return null;
  return (
    <section className={styles.asks} aria-label="Requests for control">
      {asks.map((ask) => (
        <AskedCard key={`${ask.pluginId} ${ask.session}`} ask={ask} />
      ))}
    </section>
  );
}

function AskedCard({ ask }: { readonly ask: Ask }) {
  const { pluginId, session, name, until } = ask;
  const seconds = useCountdown(until);
  const color = useRoom((s) => s.known[session]?.color ?? 0);
  const catalogId = useProject((s) => s.plugins[pluginId]?.catalogId ?? '');
  const effect = pluginName(catalogId);
  const answer = (allow: boolean) => () => actions.answerAsk(pluginId, session, allow);
  return (
    <article className={styles.ask} aria-label={`${name} asks`} data-testid="asked-card">
      <Avatar name={name} color={color} />
      <div className={styles.askText}>
        <p className={styles.askTitle}>
          {name} would like to edit {effect}
        </p>
        <p className={styles.quiet}>
          Without an answer it goes over in {seconds ?? 0} s, unless you go on turning it.
        </p>
      </div>
      <div className={styles.askActions}>
        <Button size="sm" tone="ghost" onClick={answer(false)} data-testid="asked-keep">
          Keep
        </Button>
        <Button size="sm" tone="primary" onClick={answer(true)} data-testid="asked-allow">
          Allow
        </Button>
      </div>
    </article>
  );
}
