import { create } from 'zustand';

export interface BrowserTarget {
  readonly trackId: string;
  /** Place in the chain at which a plugin goes in; null = at its end. */
  readonly position: number | null;
  /** The slot that the chosen plugin takes over, where the browser was opened by "Replace". */
  readonly replaces?: string;
}

export interface UiState {
  readonly selectedTrackId: string | null;
  readonly selectedPluginId: string | null;
  readonly selectedClipId: string | null;
  readonly browserOpen: boolean;
  readonly browserTarget: BrowserTarget | null;
  readonly exportOpen: boolean;
  readonly jobsOpen: boolean;
  readonly shareOpen: boolean;
  readonly shortcutsOpen: boolean;
  readonly set: (patch: Partial<Omit<UiState, 'set'>>) => void;
}

/** As one enters a project: nothing selected, and nothing in the way of its first sight. */
const FRESH = {
  selectedTrackId: null,
  selectedPluginId: null,
  selectedClipId: null,
  browserOpen: false,
  browserTarget: null,
  exportOpen: false,
  jobsOpen: false,
  shareOpen: false,
  shortcutsOpen: false,
} as const;

/** What is selected and open in this tab; nothing of it is saved. */
export const useUi = create<UiState>()((set) => ({ ...FRESH, set: (patch) => set(patch) }));

/** Another project, or this one again after having been elsewhere: dialogs belong to the visit that opened them. */
export const enterProject = (selectedTrackId: string | null): void =>
  useUi.setState({ ...FRESH, selectedTrackId });

export const openBrowser = (target: BrowserTarget | null): void =>
  useUi.setState({ browserOpen: true, browserTarget: target });
export const closeBrowser = (): void => useUi.setState({ browserOpen: false, browserTarget: null });
