import { MAX_CHAIN } from '@mixdown/contract';
import { defaultParams } from '@mixdown/core';
import {
  ArrowLeft,
  ArrowRight,
  CornerDownRight,
  Ellipsis,
  ListRestart,
  Power,
  Replace,
  RotateCcw,
  Trash2,
} from 'lucide-react';
import { useShallow } from 'zustand/react/shallow';
import { actions, catalogEntry, openBrowser, useProject, useUi } from '../../session/index.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator, Submenu } from '../../ui/menu.tsx';

interface SlotMenuProps {
  readonly pluginId: string;
  readonly trackId: string;
  readonly position: number;
  readonly chainLength: number;
  readonly name: string;
  /** Why it cannot be changed right now, such as "Ana is editing"; moving it is always possible. */
  readonly held?: string | undefined;
  readonly onRemove: () => void;
}

/** Everything that can be done with a slot, for whoever prefers a list to a gesture. */
export function SlotMenu({
  pluginId,
  trackId,
  position,
  chainLength,
  name,
  held,
  onRemove,
}: SlotMenuProps) {
  const bypassed = useProject((s) => s.plugins[pluginId]?.bypassed ?? false);
  const entry = catalogEntry(useProject((s) => s.plugins[pluginId]?.catalogId ?? ''));
  const tracks = useProject(useShallow((s) => s.trackOrder.flatMap((id) => s.tracks[id] ?? [])));
  const chains = useProject((s) => s.chains);
  /** To the end of that track's chain, and after it: whoever moves an effect goes on with it. */
  const moveTo = (to: string) => {
    actions.movePlugin(pluginId, { position: chains[to]?.length ?? 0, trackId: to });
    if (chains[to]?.length === MAX_CHAIN) return;
    useUi.setState({ selectedTrackId: to, selectedPluginId: pluginId });
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More for ${name}`} tooltip={null} size="sm">
          <Ellipsis size={14} aria-hidden />
        </IconButton>
      }
    >
      {held && <MenuGroup label={`${held}: it can be moved, not changed`} />}
      <MenuItem
        icon={<Power size={14} aria-hidden />}
        shortcut="0"
        disabled={Boolean(held)}
        onClick={() => actions.setBypassed(pluginId, !bypassed)}
      >
        {bypassed ? 'Switch on' : 'Bypass'}
      </MenuItem>
      {entry && (
        <MenuItem
          icon={<ListRestart size={14} aria-hidden />}
          disabled={Boolean(held)}
          onClick={() => actions.setParams(pluginId, defaultParams(entry))}
        >
          Reset all parameters
        </MenuItem>
      )}
      <MenuItem
        icon={<RotateCcw size={14} aria-hidden />}
        onClick={() => actions.retryPlugin(pluginId)}
      >
        Load again
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<ArrowLeft size={14} aria-hidden />}
        shortcut="Alt+ArrowLeft"
        disabled={position === 0}
        onClick={() => actions.movePlugin(pluginId, { position: position - 1 })}
      >
        Move earlier
      </MenuItem>
      <MenuItem
        icon={<ArrowRight size={14} aria-hidden />}
        shortcut="Alt+ArrowRight"
        disabled={position >= chainLength - 1}
        onClick={() => actions.movePlugin(pluginId, { position: position + 1 })}
      >
        Move later
      </MenuItem>
      {tracks.length > 1 && (
        <Submenu icon={<CornerDownRight size={14} aria-hidden />} label="Move to track">
          {tracks
            .filter((track) => track.id !== trackId)
            .map((track) => (
              <MenuItem key={track.id} onClick={() => moveTo(track.id)}>
                {track.name}
              </MenuItem>
            ))}
        </Submenu>
      )}
      <MenuItem
        icon={<Replace size={14} aria-hidden />}
        disabled={Boolean(held)}
        onClick={() => openBrowser({ trackId, position, replaces: pluginId })}
      >
        Replace …
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<Trash2 size={14} aria-hidden />}
        shortcut="Delete"
        tone="danger"
        disabled={Boolean(held)}
        onClick={onRemove}
      >
        Remove
      </MenuItem>
    </Menu>
  );
}
