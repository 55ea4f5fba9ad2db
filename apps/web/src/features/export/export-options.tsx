import { Collapsible } from '@base-ui/react/collapsible';
import { OPUS_SAMPLE_RATE } from '@mixdown/contract';
import { ChevronRight } from 'lucide-react';
import { Select } from '../../ui/select.tsx';
import { ToggleRow } from '../../ui/toggle.tsx';
import { formatName } from '../format-units.ts';
import styles from './export.module.css';
import { CEILING_DBTP, type ExportSettings, fitToFormat } from './presets.ts';

interface Props {
  readonly settings: ExportSettings;
  readonly onChange: (settings: ExportSettings) => void;
  /** Leaves out what stands before the playhead. */
  readonly fromPlayhead: boolean;
  readonly onFromPlayhead: (from: boolean) => void;
}

const RANGES = [
  { value: 'all', label: 'Whole song' },
  { value: 'playhead', label: 'From the playhead on' },
] as const;

const FORMATS = [
  { value: 'wav', label: 'WAV', hint: 'uncompressed' },
  { value: 'flac', label: 'FLAC', hint: 'lossless' },
  { value: 'mp3', label: 'MP3', hint: 'small' },
  { value: 'opus', label: 'Opus', hint: 'small, better sound' },
] as const;

const SAMPLE_RATES = [
  { value: 44_100, label: '44.1 kHz' },
  { value: OPUS_SAMPLE_RATE, label: '48 kHz' },
] as const;

const BIT_DEPTHS = [
  { value: '16', label: '16 bit' },
  { value: '24', label: '24 bit' },
  { value: '32f', label: '32 bit float' },
] as const;

const LOUDNESS = [
  { value: 'off', label: 'As mixed' },
  { value: '-9', label: '−9 LUFS', hint: 'loud' },
  { value: '-14', label: '−14 LUFS', hint: 'streaming' },
  { value: '-16', label: '−16 LUFS', hint: 'podcast' },
  { value: '-23', label: '−23 LUFS', hint: 'broadcast' },
] as const;

const TAILS = [
  { value: 'auto', label: 'Until effects have died away' },
  { value: 'none', label: 'Cut at the end of the song' },
  { value: '2', label: '2 seconds' },
  { value: '5', label: '5 seconds' },
  { value: '10', label: '10 seconds' },
] as const;

/** Everything that the presets decide, for those who want to decide it themselves. */
export function ExportOptions({ settings, onChange, fromPlayhead, onFromPlayhead }: Props) {
  const set = (patch: Partial<ExportSettings>) => onChange(fitToFormat({ ...settings, ...patch }));
  const lossy = settings.format === 'mp3' || settings.format === 'opus';
  const rates = SAMPLE_RATES.filter(
    ({ value }) => settings.format !== 'opus' || value === OPUS_SAMPLE_RATE,
  );
  const depths = BIT_DEPTHS.filter((depth) => settings.format !== 'flac' || depth.value !== '32f');
  return (
    <Collapsible.Root className={styles.options}>
      <Collapsible.Trigger className={styles.optionsTrigger} data-testid="export-more">
        <ChevronRight size={14} aria-hidden className={styles.chevron} />
        More settings
        <span className={styles.summary}>{summary(settings)}</span>
      </Collapsible.Trigger>
      <Collapsible.Panel className={styles.optionsPanel}>
        <Select
          label="Format"
          showLabel
          value={settings.format}
          options={FORMATS}
          onChange={(format) => set({ format: format as ExportSettings['format'] })}
          testId="export-format"
        />
        <Select
          label="Sample rate"
          showLabel
          value={settings.sampleRate}
          options={rates}
          onChange={(sampleRate) => set({ sampleRate })}
        />
        {lossy ? (
          <Select
            label="Bitrate"
            showLabel
            value={settings.bitrateKbps}
            options={([128, 192, 256, 320] as const).map((kbps) => ({
              value: kbps,
              label: `${kbps} kbit/s`,
            }))}
            onChange={(bitrateKbps) => set({ bitrateKbps })}
          />
        ) : (
          <Select
            label="Bit depth"
            showLabel
            value={String(settings.bitDepth) as '16' | '24' | '32f'}
            options={depths}
            onChange={(depth) =>
              set({ bitDepth: depth === '32f' ? '32f' : depth === '16' ? 16 : 24 })
            }
          />
        )}
        <Select
          label="Loudness"
          showLabel
          value={settings.normalize ? String(settings.normalize.lufs) : 'off'}
          options={LOUDNESS}
          onChange={(value) =>
            set({
              normalize:
                value === 'off' ? null : { lufs: Number(value), ceilingDbtp: CEILING_DBTP },
            })
          }
        />
        <Select
          label="Range"
          showLabel
          value={fromPlayhead ? 'playhead' : 'all'}
          options={RANGES}
          onChange={(range) => onFromPlayhead(range === 'playhead')}
        />
        <Select
          label="Tail"
          showLabel
          value={String(settings.tail)}
          options={TAILS}
          onChange={(tail) =>
            set({ tail: tail === 'auto' || tail === 'none' ? tail : Number(tail) })
          }
        />
        <div className={styles.wide}>
          <ToggleRow
            label="Dither"
            checked={settings.dither}
            disabled={lossy || settings.bitDepth === '32f'}
            onChange={(dither) => set({ dither })}
          >
            Dither
            <span className={styles.hint}> keeps quiet endings clean at 16 and 24 bit</span>
          </ToggleRow>
        </div>
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}

function summary(settings: ExportSettings): string {
  const { format, sampleRate, bitDepth, bitrateKbps, normalize } = settings;
  const depth = bitDepth === '32f' ? '32 bit float' : `${bitDepth} bit`;
  const lossy = format === 'mp3' || format === 'opus';
  const loudness = normalize
    ? `${String(normalize.lufs).replace('-', '−')} LUFS`
    : 'loudness as mixed';
  const detail = lossy ? `${bitrateKbps} kbit/s` : depth;
  return [formatName(format), `${sampleRate / 1000} kHz`, detail, loudness].join(' · ');
}
