import type { ExportView } from '@mixdown/contract';
import { TriangleAlert } from 'lucide-react';
import { pluginName } from '../../session/index.ts';
import { formatBytes, formatDuration, formatSigned } from '../format-units.ts';
import styles from './jobs.module.css';

type Result = NonNullable<ExportView['result']>;

const Figure = ({
  label,
  value,
  unit,
}: {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
}) => (
  <div className={styles.figure}>
    <dt>{label}</dt>
    <dd>
      {value}
      {unit && <span className={styles.unit}> {unit}</span>}
    </dd>
  </div>
);

/** What the file measures, and what it was made with. */
export function JobResult({ result }: { readonly result: Result }) {
  const { integratedLufs, truePeakDbtp } = result;
  return (
    <>
      <dl className={styles.figures}>
        <Figure
          label="Loudness"
          {...(integratedLufs === null
            ? { value: 'silence' }
            : { value: formatSigned(integratedLufs), unit: 'LUFS' })}
        />
        <Figure
          label="True peak"
          {...(truePeakDbtp === null
            ? { value: '−∞' }
            : { value: formatSigned(truePeakDbtp), unit: 'dBTP' })}
        />
        <Figure label="Length" value={formatDuration(result.durationSeconds)} />
        <Figure label="Size" value={formatBytes(result.bytes)} />
      </dl>
      {result.reused && (
        <p className={styles.reused}>
          The same as an earlier export: its file was taken over, nothing was rendered again.
        </p>
      )}
      {result.omitted.length > 0 && (
        <p className={styles.omitted}>
          <TriangleAlert size={14} aria-hidden />
          <span>
            Not in the catalog, passed through dry:{' '}
            {result.omitted.map((o) => pluginName(o.catalogId)).join(', ')}
          </span>
        </p>
      )}
      <details className={styles.details}>
        <summary>Made with {countWords(result)}</summary>
        <ul className={styles.plugins}>
          {result.plugins.map((plugin) => (
            <li key={`${plugin.catalogId}@${plugin.version}`}>
              {plugin.name} <span className={styles.unit}>{plugin.version}</span>
              {plugin.count > 1 && <span className={styles.unit}> × {plugin.count}</span>}
            </li>
          ))}
        </ul>
        <p className={styles.hash}>
          <span className={styles.unit}>SHA-256 </span>
          <code>{result.sha256}</code>
        </p>
      </details>
    </>
  );
}

function countWords(result: Result): string {
  const count = result.plugins.reduce((sum, plugin) => sum + plugin.count, 0);
  return count === 1 ? '1 plugin' : `${count} plugins`;
}
