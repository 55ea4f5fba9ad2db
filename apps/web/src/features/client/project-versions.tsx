import type { MyExport } from '@mixdown/contract';
import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import styles from './client.module.css';
import { type ProjectGroup, standingOf } from './export-words.ts';
import { Player } from './player/player.tsx';
import { VersionRow } from './version-row.tsx';

/** More at once are no comparison any more, and each is a download. */
const MOST_COMPARED = 4;

export interface Choice {
  readonly projectId: string;
  /** In the order in which they were chosen; heard is what was asked for last. */
  readonly ids: readonly string[];
  readonly wish: { readonly n: number; readonly id: string } | null;
}

const isReady = (view: MyExport, now: number) =>
  standingOf(view, now) === 'ready' && view.result !== null;

/** The choice that a page begins with: this export, else the newest that can be played, silent until asked. */
export function firstChoice(exports: readonly MyExport[], preferred?: string): Choice | null {
  const now = Date.now();
  const ready = exports.filter((view) => isReady(view, now));
  const view = ready.find(({ id }) => id === preferred) ?? (preferred ? undefined : ready[0]);
  return view ? { projectId: view.projectId, ids: [view.id], wish: null } : null;
}

/** The versions of one project, with the player above them where one of them is chosen. */
export function ProjectVersions({
  group,
  choice,
  onChoice,
  mayOpen,
  now,
  onActed,
}: {
  readonly group: ProjectGroup;
  readonly choice: Choice | null;
  readonly onChoice: (choice: Choice | null) => void;
  /** Whether the name leads to the project itself. */
  readonly mayOpen: boolean;
  readonly now: number;
  readonly onActed: () => void;
}) {
  const { projectId, name, exports } = group;
  const [playingId, setPlayingId] = useState<string | null>(null);
  const onPlaying = useCallback((id: string | null) => setPlayingId(id), []);
  const ready = exports.filter((view) => isReady(view, now));
  const mine = choice?.projectId === projectId ? choice : null;
  const ids = mine?.ids ?? [];
  const chosen = ready.filter(({ id }) => ids.includes(id)).sort((a, b) => a.version - b.version);

  const play = (id: string) => {
    const wish = { n: (choice?.wish?.n ?? 0) + 1, id };
    onChoice({ projectId, ids: ids.includes(id) ? ids : [id], wish });
  };
  const compare = (id: string, on: boolean) => {
    const next = on ? [...ids, id].slice(-MOST_COMPARED) : ids.filter((other) => other !== id);
    onChoice(next.length > 0 ? { projectId, ids: next, wish: mine?.wish ?? null } : null);
  };
  const count = `${exports.length} ${exports.length === 1 ? 'version' : 'versions'}`;
  return (
    <section className={styles.group} aria-label={name} data-testid={`group-${projectId}`}>
      <header className={styles.groupHeader}>
        <h2 className={styles.groupName}>
          {mayOpen ? (
            <Link to="/projects/$id" params={{ id: projectId }}>
              {name}
            </Link>
          ) : (
            name
          )}
        </h2>
        <span className={styles.meta}>{count}</span>
      </header>
      {chosen.length > 0 && (
        <Player
          exports={chosen}
          wish={mine?.wish ?? null}
          onPlaying={onPlaying}
          onClose={() => {
            setPlayingId(null);
            onChoice(null);
          }}
        />
      )}
      <ul>
        {exports.map((view) => (
          <VersionRow
            key={view.id}
            view={view}
            now={now}
            playing={playingId === view.id}
            chosen={ids.includes(view.id)}
            onCompare={ready.length > 1 ? (on) => compare(view.id, on) : null}
            onPlay={() => play(view.id)}
            onActed={onActed}
          />
        ))}
      </ul>
    </section>
  );
}
