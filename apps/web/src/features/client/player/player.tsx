import type { MyExport } from '@mixdown/contract';
import { Pause, Play, Volume2, X } from 'lucide-react';
import { type PointerEvent, useEffect, useRef } from 'react';
import { announce } from '../../../session/index.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import { ToggleRow } from '../../../ui/toggle.tsx';
import { clockTime, matchWords, spokenTime } from '../export-words.ts';
import { Lane } from './lane.tsx';
import styles from './player.module.css';
import { isTaken, transportKey } from './transport-keys.ts';
import { usePlayback } from './use-playback.ts';

export interface PlayerProps {
  /** One to hear it, more to compare them; each with its result. */
  readonly exports: readonly MyExport[];
  /** A number that grows with each wish to play, and the version that was meant. */
  readonly wish: { readonly n: number; readonly id: string } | null;
  readonly onPlaying: (id: string | null) => void;
  readonly onClose?: (() => void) | undefined;
}

/** dBTP below which a picture is not stretched any further. */
const QUIETEST_DB = -36;

/** One or more versions of a project behind one transport. */
export function Player({ exports, wish, onPlaying, onClose }: PlayerProps) {
  const { playback, state } = usePlayback(exports);
  const { activeId, playing, position, seconds, equalLoudness, volume, matchDb } = state;
  const comparing = exports.length > 1;
  const area = useRef<HTMLDivElement>(null);
  const unmatched = exports.filter(({ id }) => matchDb[id] === null);

  const answered = useRef(0);
  useEffect(() => {
    if (!wish || wish.n === answered.current) return;
    answered.current = wish.n;
    if (playback.store.getState().playing && playback.store.getState().activeId === wish.id)
      return playback.pause();
    playback.hear(wish.id);
    playback.play();
  }, [wish, playback]);
  // Closed and opened again, as React may do with effects, it has not answered anything yet.
  useEffect(
    () => () => {
      answered.current = 0;
    },
    [],
  );
  useEffect(() => onPlaying(playing ? activeId : null), [playing, activeId, onPlaying]);

  const hear = (id: string) => {
    if (id === activeId) return;
    playback.hear(id);
    const version = exports.find((view) => view.id === id)?.version;
    const words = equalLoudness ? matchWords(matchDb[id]) : null;
    announce(`Version ${version}${words ? `, ${words}` : ''}`);
  };
  const onKey = (event: globalThis.KeyboardEvent) => {
    const key = transportKey(event);
    if (!key || event.defaultPrevented || isTaken(event.target, event.key)) return;
    event.preventDefault();
    const at = exports.findIndex(({ id }) => id === activeId);
    if (key.do === 'toggle') playback.toggle();
    else if (key.do === 'seek') playback.seek(playback.store.getState().position + key.by);
    else if (key.do === 'start') playback.seek(0);
    else if (key.do === 'end') playback.seek(seconds);
    else if (key.do === 'volume') playback.setVolume(volume + key.by);
    else {
      const to = exports[key.do === 'next' ? (at + 1) % exports.length : key.index];
      if (to) hear(to.id);
    }
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent) => latest.current(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);

  const seekTo = (event: PointerEvent) => {
    const box = area.current?.getBoundingClientRect();
    if (box?.width) playback.seek(((event.clientX - box.left) / box.width) * seconds);
  };
  // One scale for all, so that the pictures tell what is louder; a quiet mix alone fills its height, too.
  const peak = Math.max(...exports.map(({ result }) => result?.truePeakDbtp ?? QUIETEST_DB));
  const fullScale = 10 ** (Math.min(0, Math.max(QUIETEST_DB, peak)) / 20);
  const names = exports.map(({ version }) => `v${version}`);
  const title = comparing ? `Comparing ${names.join(', ')}` : (names[0] ?? '');

  return (
    <section
      className={styles.player}
      aria-label={comparing ? `Player, ${title}` : `Player, version ${exports[0]?.version}`}
      data-player
      data-testid="player"
      data-playing={playing}
    >
      <header className={styles.header}>
        <h3 className={styles.title}>{title}</h3>
        {comparing && (
          <div className={styles.equal}>
            <ToggleRow
              label="Equal loudness"
              checked={equalLoudness}
              onChange={(on) => playback.setEqualLoudness(on)}
              testId="equal-loudness"
            />
          </div>
        )}
        {onClose && (
          <IconButton label="Close the player" tooltip={null} size="sm" onClick={onClose}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </header>
      {comparing && (
        <p className={styles.note}>
          {!equalLoudness
            ? 'Each plays at the level of its file: the louder one tends to please more.'
            : unmatched.length > 0
              ? `${unmatched.map((v) => `v${v.version}`).join(', ')} has no measured loudness (silence), so it cannot be matched.`
              : 'All play at the loudness of the quietest, so that you hear the mix and not the level.'}
        </p>
      )}
      <div className={styles.lanes} ref={area}>
        {exports.map((view, index) => (
          <Lane
            key={view.id}
            view={view}
            index={comparing ? index : null}
            heard={view.id === activeId}
            share={seconds > 0 ? (view.result?.durationSeconds ?? 0) / seconds : 1}
            position={position}
            fullScale={fullScale}
            deck={state.decks[view.id]}
            media={playback.media(view.id)}
            matchDb={comparing && equalLoudness ? matchDb[view.id] : undefined}
            onHear={() => hear(view.id)}
            onRetry={() => playback.play()}
          />
        ))}
        {/* The role brings the keys that go with it; the transport answers them wherever the focus is. */}
        <div
          className={styles.seek}
          role="slider"
          tabIndex={0}
          aria-label="Position"
          aria-valuemin={0}
          aria-valuemax={Math.round(seconds)}
          aria-valuenow={Math.round(position)}
          aria-valuetext={`${spokenTime(position)} of ${spokenTime(seconds)}`}
          data-testid="seek"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            seekTo(event);
          }}
          onPointerMove={(event) => {
            if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
          }}
        />
      </div>
      <div className={styles.transport}>
        <IconButton
          label={playing ? 'Pause' : 'Play'}
          shortcut="Space"
          tone="primary"
          size="lg"
          onClick={() => playback.toggle()}
          data-testid="play-pause"
        >
          {playing ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
        </IconButton>
        <span className={styles.time} data-testid="time">
          <b>{clockTime(position)}</b> / {clockTime(seconds)}
        </span>
        {comparing && (
          <span className={styles.hint}>
            <Kbd keys="X" /> switches
          </span>
        )}
        <label className={styles.volume}>
          <Volume2 size={15} aria-hidden />
          <input
            type="range"
            aria-label="Volume"
            min={0}
            max={100}
            step={5}
            value={Math.round(volume * 100)}
            aria-valuetext={`${Math.round(volume * 100)} percent`}
            onChange={(event) => playback.setVolume(Number(event.target.value) / 100)}
          />
        </label>
      </div>
    </section>
  );
}
