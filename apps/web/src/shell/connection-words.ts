import type { RoomMode, SaveStatus } from '../session/index.ts';

export type ConnectionStatus =
  | 'live'
  | 'saved'
  | 'saving'
  | 'connecting'
  | 'reconnecting'
  | 'offline'
  | 'alone'
  | 'expired';

export interface ConnectionFacts {
  readonly mode: RoomMode;
  readonly save: SaveStatus;
  /** Own values and operations in the room that are not known to be stored. */
  readonly unsaved: number;
  readonly online: boolean;
}

/** How one stands with the server and the others, as one word: the worst news first. */
export function connectionStatus({
  mode,
  save,
  unsaved,
  online,
}: ConnectionFacts): ConnectionStatus {
  if (save === 'expired') return 'expired';
  if (!online || save === 'offline') return 'offline';
  if (mode === 'reconnecting' || mode === 'ended') return 'reconnecting';
  if (mode === 'alone') return 'alone';
  if (save === 'saving' || unsaved > 0) return 'saving';
  if (mode === 'connecting') return 'connecting';
  return mode === 'live' ? 'live' : 'saved';
}

/** Whether everything that one sees has reached the server. */
export const saveState = ({ save, unsaved }: ConnectionFacts): SaveStatus =>
  save === 'saved' && unsaved > 0 ? 'saving' : save;

export const STATUS_WORDS: Readonly<Record<ConnectionStatus, string>> = {
  live: 'Live',
  saved: 'Saved',
  saving: 'Saving…',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  offline: 'Offline, will save',
  alone: 'Working alone',
  expired: 'Sign in to save',
};

export const STATUS_HINTS: Readonly<Partial<Record<ConnectionStatus, string>>> = {
  live: 'Everything is saved. Others in this project see it as you do it.',
  saved: 'Everything is saved.',
  alone: 'Edits are saved. Others see them, and you theirs, a few seconds later.',
};

/** What the banner says; null = nothing that one needs to know to go on. */
export const BANNERS: Readonly<Partial<Record<ConnectionStatus, string>>> = {
  offline: 'You are offline. Keep working: your edits are saved once the connection is back.',
  reconnecting: 'Reconnecting… Keep working: your edits go out as soon as the connection is back.',
};
/** The browser is online and the server does not answer. */
export const UNREACHABLE =
  'The server cannot be reached. Keep working: your edits are saved once it answers.';
