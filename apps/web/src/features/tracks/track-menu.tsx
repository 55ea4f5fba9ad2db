import { TRACK_COLORS, type Track } from '@mixdown/contract';
import { Copy, Ellipsis, Pencil, Trash2, Upload } from 'lucide-react';
import { actions } from '../../session/index.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuRadio, MenuSeparator } from '../../ui/menu.tsx';
import { pickAudioFiles } from '../timeline/pick-audio-files.ts';
import styles from './tracks.module.css';

interface Props {
  readonly track: Track;
  readonly canEdit: boolean;
  readonly onRename: () => void;
}

const swatch = (color: Track['color']) => (
  <span className={styles.swatch} data-track-color={color} aria-hidden />
);
const titleCase = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const COLORS = TRACK_COLORS.map((color) => ({
  value: color,
  label: titleCase(color),
  icon: swatch(color),
}));

export function TrackMenu({ track, canEdit, onRename }: Props) {
  if (!canEdit) return null;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More for ${track.name}`} tooltip="More" size="sm">
          <Ellipsis size={15} aria-hidden />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={14} aria-hidden />} onClick={onRename}>
        Rename
      </MenuItem>
      <MenuItem
        icon={<Upload size={14} aria-hidden />}
        onClick={() =>
          void pickAudioFiles().then((files) => actions.uploadFiles(files, { trackId: track.id }))
        }
      >
        Add audio…
      </MenuItem>
      <MenuItem
        icon={<Copy size={14} aria-hidden />}
        onClick={() => actions.duplicateTrack(track.id)}
      >
        Duplicate
      </MenuItem>
      <MenuSeparator />
      <MenuRadio
        label="Colour"
        value={track.color}
        options={COLORS}
        onChange={(color) => actions.updateTrack(track.id, { color })}
      />
      <MenuSeparator />
      <MenuItem
        icon={<Trash2 size={14} aria-hidden />}
        tone="danger"
        onClick={() => actions.removeTrack(track.id)}
      >
        Delete track
      </MenuItem>
    </Menu>
  );
}
