import { type ExportRequest, type ExportView, RefusedError } from '@mixdown/contract';
import { isActive } from '@mixdown/core';
import { theApp } from '../app.ts';
import { toastError } from '../refusal-toast.ts';
import { useOpenProject } from '../stores/session-store.ts';
import { toast } from '../stores/toasts.ts';
import { useUi } from '../stores/ui-store.ts';
import { createExportFollower, type ExportFollower } from './export-follower.ts';
import { createExportPoller } from './export-poller.ts';
import { dropExport, putExport, sortNewestFirst, useExports } from './exports-store.ts';

/** After an edit has been saved, how long until "edited since this export" is asked for, in ms. */
const EDITED_CHECK_MS = 1500;

let follower: ExportFollower | null = null;
let openProjectId: string | null = null;

function onView(view: ExportView): void {
  const before = useExports.getState().exports.find((other) => other.id === view.id);
  putExport(view);
  if (!before || !isActive(before.status) || isActive(view.status)) return;
  if (view.status === 'completed') {
    const action = { label: 'Show', run: () => useUi.setState({ jobsOpen: true }) };
    toast({ tone: 'success', title: 'Your export is ready', detail: view.projectName, action });
  } else if (view.status === 'failed') {
    const detail = view.error?.message;
    toast({ tone: 'error', title: 'The export failed', ...(detail && { detail }) });
  }
}

async function refresh(): Promise<void> {
  if (!openProjectId) return;
  const projectId = openProjectId;
  const views = await theApp().client.projectExports(projectId);
  if (projectId !== openProjectId) return;
  useExports.setState({ exports: sortNewestFirst(views), loaded: true });
  for (const view of views) if (isActive(view.status)) follower?.watch(view.id);
}

/** Shows the exports of a project and follows those that run, until the returned function is called. */
export function followExports(projectId: string): () => void {
  openProjectId = projectId;
  useExports.setState({ exports: [], loaded: false });
  const common = {
    onView,
    onGone: dropExport,
    setTimer(run: () => void, ms: number) {
      const timer = window.setTimeout(run, ms);
      return () => window.clearTimeout(timer);
    },
  };
  follower = createExportFollower({
    ...common,
    poller: createExportPoller({
      ...common,
      fetch: (id, etag) => theApp().client.export(id, etag),
      isHidden: () => document.visibilityState === 'hidden',
    }),
    open: (id, o) => theApp().client.exportEvents(id, o),
    random: Math.random,
  });
  const tryRefresh = () => refresh().catch(() => useExports.setState({ loaded: true }));
  void tryRefresh();
  let timer = 0;
  const unwatch = useOpenProject.subscribe((now, before) => {
    if (now.saveStatus !== 'saved' || before.saveStatus === 'saved') return;
    const unedited = useExports.getState().exports.some((view) => !view.editedSince);
    if (!unedited) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void tryRefresh(), EDITED_CHECK_MS);
  });
  return () => {
    unwatch();
    window.clearTimeout(timer);
    follower?.close();
    follower = null;
    openProjectId = null;
    useExports.setState({ exports: [], loaded: false });
  };
}

/** Asks for an export. The same `key` again makes no second one. Returns its id; rejects with the refusal. */
export async function requestExport(options: Partial<ExportRequest>, key: string): Promise<string> {
  const projectId = openProjectId;
  if (!projectId) throw new Error('No project is open');
  const { id } = await theApp().client.requestExport(projectId, options, key);
  useUi.setState({ jobsOpen: true });
  follower?.watch(id);
  return id;
}

/** The project as it stands now, with the settings of an earlier export; said in a toast where it is refused. */
export async function exportAgain(options: ExportRequest): Promise<void> {
  try {
    await requestExport(options, crypto.randomUUID());
  } catch (error) {
    toastRequestRefused(error);
  }
}

export function toastRequestRefused(error: unknown): void {
  if (error instanceof RefusedError && error.refusal.code === 'quota_exceeded')
    toast({
      tone: 'warning',
      title: 'Too many exports at once',
      detail: error.refusal.detail,
      action: { label: 'Show exports', run: () => useUi.setState({ jobsOpen: true }) },
    });
  else toastError(error, 'start the export');
}

export async function cancelExport(id: string): Promise<void> {
  try {
    await theApp().client.cancelExport(id);
  } catch (error) {
    toastError(error, 'cancel the export');
  }
  follower?.watch(id);
}

/** The same settings and the same snapshot again. */
export async function retryExport(id: string): Promise<void> {
  try {
    await theApp().client.retryExport(id);
  } catch (error) {
    toastError(error, 'retry the export');
  }
  follower?.watch(id);
}

/** A download address that is good for some minutes from now. */
export async function freshDownload(id: string): Promise<{ url: string; fileName: string } | null> {
  const { view } = await theApp().client.export(id);
  if (!view?.result) return null;
  if (view.projectId === openProjectId) putExport(view);
  return { url: view.result.downloadUrl, fileName: view.result.fileName };
}
