import { X } from 'lucide-react';
import { useUploads } from '../session/index.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Progress } from '../ui/progress.tsx';
import styles from './arrangement.module.css';

/** Audio on its way to the project. */
export function UploadList() {
  const uploads = useUploads((s) => s.uploads);
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.uploads} aria-label="Uploads">
      {uploads.map(({ id, fileName, fraction, cancel }) => (
        <li key={id} className={styles.upload}>
          <span className={styles.uploadName}>{fileName}</span>
          <Progress label={`Upload of ${fileName}`} fraction={fraction < 1 ? fraction : null} />
          <span className={styles.uploadState}>
            {fraction < 1 ? `${Math.round(fraction * 100)} %` : 'Reading…'}
          </span>
          <IconButton
            size="sm"
            label={`Cancel upload of ${fileName}`}
            tooltip={null}
            onClick={cancel}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
