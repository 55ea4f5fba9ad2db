import type { MyExport } from '@mixdown/contract';
import { TriangleAlert } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Spinner } from '../../../ui/progress.tsx';
import { formatDuration, formatSigned } from '../../format-units.ts';
import { downloadExport } from '../download.ts';
import { clockTime, formatWords, matchWords } from '../export-words.ts';
import type { DeckState } from './deck.ts';
import styles from './player.module.css';
import { useExportPeaks } from './use-peaks.ts';
import { Waveform } from './waveform.tsx';

export interface LaneProps {
  readonly view: MyExport;
  /** Its place among those that are compared; null where it is alone. */
  readonly index: number | null;
  readonly heard: boolean;
  /** Its length as a share of the longest, 0…1. */
  readonly share: number;
  readonly position: number;
  /** The sample value that fills the height. */
  readonly fullScale: number;
  readonly deck: DeckState | undefined;
  readonly media: HTMLMediaElement | null;
  /** Undefined: nothing is matched. */
  readonly matchDb: number | null | undefined;
  readonly onHear: () => void;
  readonly onRetry: () => void;
}

function TroubleNote({
  view,
  deck,
  onRetry,
}: Pick<LaneProps, 'view' | 'onRetry'> & { readonly deck: DeckState }) {
  const { trouble, refusal } = deck;
  if (!trouble) return null;
  const format = formatWords(view.options);
  const words = {
    unplayable: `Your browser cannot play this file (${format}). Download it to hear it.`,
    offline: 'The connection broke off.',
    refused: refusal ?? 'The file is not there any more.',
    blocked: 'The browser wants one more click before it plays sound.',
  }[trouble];
  return (
    <div className={styles.trouble} role="alert" data-testid="trouble">
      <TriangleAlert size={14} aria-hidden />
      <span>{words}</span>
      {trouble === 'unplayable' && (
        <Button size="sm" onClick={() => void downloadExport(view.id)}>
          Download
        </Button>
      )}
      {(trouble === 'offline' || trouble === 'blocked') && (
        <Button size="sm" onClick={onRetry}>
          {trouble === 'offline' ? 'Try again' : 'Play'}
        </Button>
      )}
    </div>
  );
}

/** One version in the player: what it is, its picture, and what keeps it from being heard. */
export function Lane(props: LaneProps) {
  const { view, index, heard, share, position, deck, media, matchDb, onHear } = props;
  const peaks = useExportPeaks(view.id);
  const seconds = view.result?.durationSeconds ?? 0;
  const lufs = view.result?.integratedLufs ?? null;
  const match = matchWords(matchDb);
  const over = index !== null && position >= seconds && seconds > 0;
  const facts = [
    formatWords(view.options),
    lufs === null ? 'silence' : `${formatSigned(lufs)} LUFS`,
    ...(index === null ? [] : [formatDuration(seconds)]),
  ];
  return (
    <div
      className={cx(styles.lane, index !== null && !heard && styles.quiet)}
      data-testid={`lane-${view.id}`}
    >
      <div className={styles.laneHead}>
        {index !== null && (
          <button
            type="button"
            className={styles.pick}
            aria-pressed={heard}
            aria-keyshortcuts={String(index + 1)}
            data-key={index + 1}
            onClick={onHear}
          >
            v{view.version}
          </button>
        )}
        <span className={styles.facts}>{facts.join(' · ')}</span>
        {deck?.status === 'loading' && !deck.trouble && <Spinner size={12} />}
        {match && (
          <span className={styles.match} data-testid={`match-${view.id}`}>
            {match}
          </span>
        )}
        {over && <span className={styles.match}>ends at {clockTime(seconds)}</span>}
      </div>
      <div className={styles.picture} style={{ width: `${share * 100}%` }}>
        <Waveform
          peaks={peaks}
          seconds={seconds}
          position={Math.min(position, seconds)}
          fullScale={props.fullScale}
          media={media}
        />
        {!over && (
          <span
            className={styles.playhead}
            style={{ left: `${seconds > 0 ? (Math.min(seconds, position) / seconds) * 100 : 0}%` }}
          />
        )}
      </div>
      {deck && <TroubleNote view={view} deck={deck} onRetry={props.onRetry} />}
    </div>
  );
}
