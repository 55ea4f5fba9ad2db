import type { ExportView } from '@mixdown/contract';
import { create } from 'zustand';

interface ExportsState {
  /** Newest first. */
  readonly exports: readonly ExportView[];
  readonly loaded: boolean;
}

export const useExports = create<ExportsState>()(() => ({ exports: [], loaded: false }));

export const sortNewestFirst = (views: readonly ExportView[]): ExportView[] =>
  [...views].sort((a, b) => b.createdAt.localeCompare(a.createdAt));

export const putExport = (view: ExportView): void =>
  useExports.setState(({ exports }) => ({
    exports: sortNewestFirst([view, ...exports.filter((other) => other.id !== view.id)]),
  }));

export const dropExport = (id: string): void =>
  useExports.setState(({ exports }) => ({ exports: exports.filter((view) => view.id !== id) }));
