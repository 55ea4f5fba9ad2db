import { create } from 'zustand';
import type { SlotStatus, TransportState } from '../engine/engine-port.ts';
import type { SaveStatus } from '../outbox.ts';
import type { ProjectState } from '../project-state.ts';

interface OpenProject {
  readonly state: ProjectState | null;
  readonly saveStatus: SaveStatus;
  readonly transport: TransportState;
  readonly slots: Readonly<Record<string, SlotStatus>>;
  /** A plugin holds up the audio for good: only a new page helps. */
  readonly audioStuck: boolean;
  readonly history: { readonly undo: string | null; readonly redo: string | null };
}

export const CLOSED: OpenProject = {
  state: null,
  saveStatus: 'saved',
  transport: { status: 'stopped', positionFrames: 0 },
  slots: {},
  audioStuck: false,
  history: { undo: null, redo: null },
};

/** The one project that is open in this tab. Parameter values live in the parameter store instead. */
export const useOpenProject = create<OpenProject>()(() => CLOSED);
