import { CircleAlert, Clock3, HardDrive, Hourglass, VolumeX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useExports } from '../../session/exports/exports-store.ts';
import { formatBytes, formatDuration, formatWait } from '../format-units.ts';
import { expectedWait } from './expected-wait.ts';
import styles from './export.module.css';
import { expectedBytes, type Preflight, type SlotNote } from './preflight.ts';
import type { ExportSettings } from './presets.ts';

const Row = ({
  icon,
  tone,
  children,
}: {
  readonly icon: ReactNode;
  readonly tone?: 'warning';
  readonly children: ReactNode;
}) => (
  <li className={styles.check} data-tone={tone}>
    {icon}
    <span>{children}</span>
  </li>
);

const places = (notes: readonly SlotNote[]) =>
  notes.map((note) => `${note.name} on ${note.trackName}`).join(', ');

/** "Ready in about 10 s", and what has to be done before. */
function WaitRow({ seconds, cpuShare }: { readonly seconds: number; readonly cpuShare: number }) {
  const exports = useExports((s) => s.exports);
  const wait = expectedWait(seconds, { cpuShare, exports });
  return (
    <Row icon={<Hourglass size={15} aria-hidden />}>
      Ready in {formatWait(wait.seconds)}
      {wait.ahead > 0 && `, once it starts: ${wait.ahead} of this project before it`}
    </Row>
  );
}

const tailSeconds = (settings: ExportSettings, check: Preflight): number => {
  if (settings.tail === 'none') return 0;
  return settings.tail === 'auto' ? check.maxTailSeconds : settings.tail;
};

/** What the file will be like, and everything about it that could surprise. */
export function PreflightList({
  check,
  seconds,
  settings,
}: {
  readonly check: Preflight;
  /** Length of what is exported, without its tail. */
  readonly seconds: number;
  readonly settings: ExportSettings;
}) {
  if (check.songSeconds === 0)
    return (
      <ul className={styles.checks} aria-label="Before you export">
        <Row icon={<CircleAlert size={15} aria-hidden />} tone="warning">
          There is nothing on the timeline yet. Add audio first.
        </Row>
      </ul>
    );
  if (seconds <= 0)
    return (
      <ul className={styles.checks} aria-label="Before you export">
        <Row icon={<CircleAlert size={15} aria-hidden />} tone="warning">
          The playhead stands behind the end of the song. Export the whole song, or move it first.
        </Row>
      </ul>
    );
  const tail = tailSeconds(settings, check);
  const upTo = settings.tail === 'auto' && tail > 0;
  return (
    <ul className={styles.checks} aria-label="Before you export">
      <Row icon={<Clock3 size={15} aria-hidden />}>
        {formatDuration(seconds)} of song
        {tail > 0 &&
          (upTo
            ? ', and on until the effects have died away'
            : `, and ${formatDuration(tail)} of tail`)}
      </Row>
      <Row icon={<HardDrive size={15} aria-hidden />}>
        About {formatBytes(expectedBytes(settings, seconds + (upTo ? 0 : tail)))}
      </Row>
      <WaitRow seconds={seconds + (upTo ? 0 : tail)} cpuShare={check.cpuShare} />
      {check.missing.length > 0 && (
        <Row icon={<CircleAlert size={15} aria-hidden />} tone="warning">
          {check.missing
            .map(({ name, catalogId, trackName }) => `${name} (${catalogId}) on ${trackName}`)
            .join(', ')}
          : {check.missing.length === 1 ? 'this plugin is' : 'these plugins are'} not in the catalog
          and will pass through dry, as you hear it now.
        </Row>
      )}
      {check.uncertified.length > 0 && (
        <Row icon={<CircleAlert size={15} aria-hidden />} tone="warning">
          {places(check.uncertified)}: not certified for exports, so this one will fail. Bypass or
          replace {check.uncertified.length === 1 ? 'it' : 'them'} first.
        </Row>
      )}
      {check.broken.length > 0 && (
        <Row icon={<CircleAlert size={15} aria-hidden />} tone="warning">
          {places(check.broken)}: not running in this browser, so you hear it dry. The export runs
          it on our side.
        </Row>
      )}
      {check.silentTracks.length > 0 && (
        <Row icon={<VolumeX size={15} aria-hidden />}>
          Will not be heard:{' '}
          {check.silentTracks.map((track) => `${track.name} (${track.why})`).join(', ')}
        </Row>
      )}
    </ul>
  );
}
