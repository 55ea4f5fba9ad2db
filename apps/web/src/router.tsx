import type { MyExports } from '@mixdown/contract';
import { RefusedError } from '@mixdown/contract';
import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  redirect,
} from '@tanstack/react-router';
import {
  type AuditSearch,
  auditSearch,
  type ReviewSearch,
  reviewFilter,
  reviewSearch,
} from './features/admin/admin-search.ts';
import { AdminExportsPage } from './routes/admin.tsx';
import { AdminAuditPage } from './routes/admin-audit.tsx';
import { ExportPage, NoExport } from './routes/export.tsx';
import { ExportsPage, type ExportsSearch, exportsSearch, filterOf } from './routes/exports.tsx';
import { NotFound } from './routes/not-found.tsx';
import { openAsGuest } from './routes/open-as-guest.ts';
import { Pending } from './routes/pending.tsx';
import { ProjectPage } from './routes/project.tsx';
import { ProjectsPage } from './routes/projects.tsx';
import { Root } from './routes/root.tsx';
import { RouteError } from './routes/route-error.tsx';
import { SignInPage, type SignInSearch } from './routes/sign-in.tsx';
import { closeProject, openProject, startApp, theApp, useAccount } from './session/index.ts';

const root = createRootRoute({
  beforeLoad: async () => {
    await startApp();
  },
  component: Root,
  notFoundComponent: NotFound,
});

/** Sends those who are not signed in to do so, and back afterwards. */
function requireAccount({ location }: { location: { pathname: string; href: string } }): void {
  if (useAccount.getState().account) return;
  throw redirect({ to: '/sign-in', search: { mode: 'in', next: location.href } });
}

/** For everybody else there is nothing at the admins' addresses. */
function requireAdmin(context: { location: { pathname: string; href: string } }): void {
  requireAccount(context);
  if (useAccount.getState().account?.role !== 'admin') throw notFound();
}

const home = createRoute({ getParentRoute: () => root, path: '/', loader: openAsGuest });

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  beforeLoad(context) {
    requireAccount(context);
    // Clients have no projects to open: what is theirs are the exports that come to them.
    if (useAccount.getState().account?.role === 'client')
      throw redirect({ to: '/exports', replace: true });
    // Admins review what others make, and make nothing.
    if (useAccount.getState().account?.role === 'admin')
      throw redirect({ to: '/admin', replace: true });
  },
  loader: () => theApp().client.projects(),
  component: function Projects() {
    return <ProjectsPage projects={projects.useLoaderData()} />;
  },
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$id',
  beforeLoad: requireAccount,
  loader: ({ params }) => openProject(params.id),
  onLeave: () => void closeProject(),
  component: function Project() {
    return <ProjectPage id={project.useParams().id} />;
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    mode: search.mode === 'up' ? 'up' : 'in',
    ...(typeof search.next === 'string' && { next: search.next }),
  }),
  component: function SignIn() {
    return <SignInPage {...signIn.useSearch()} />;
  },
});

const exportsList = createRoute({
  getParentRoute: () => root,
  path: '/exports',
  beforeLoad: requireAccount,
  validateSearch: exportsSearch,
  loaderDeps: ({ search }: { search: ExportsSearch }) => search,
  loader: ({ deps }) => theApp().client.myExports({ ...filterOf(deps), limit: 30 }),
  component: function Exports() {
    const show = exportsList.useSearch().show ?? 'all';
    return <ExportsPage key={show} show={show} first={exportsList.useLoaderData()} />;
  },
});

const exported = createRoute({
  getParentRoute: () => root,
  path: '/exports/$id',
  beforeLoad: requireAccount,
  loader: async ({ params: { id } }) => {
    const { client } = theApp();
    const { view } = await client.export(id);
    if (!view) throw new Error('The export came without an answer');
    const { projectId } = view;
    let first = await client.myExports({ projectId, limit: 100 });
    while (first.next !== null && !first.exports.some((one) => one.id === id)) {
      const more: MyExports = await client.myExports({
        projectId,
        limit: 100,
        cursor: first.next,
      });
      first = { exports: [...first.exports, ...more.exports], next: more.next };
    }
    return { id, projectId, first };
  },
  errorComponent: ({ error }) =>
    error instanceof RefusedError && NO_ACCESS.has(error.refusal.code) ? (
      <NoExport />
    ) : (
      <RouteError error={error} />
    ),
  component: function Export() {
    const data = exported.useLoaderData();
    return <ExportPage key={data.id} {...data} />;
  },
});
/** An address that is no id is nobody's export either. */
const NO_ACCESS: ReadonlySet<string> = new Set(['not_found', 'forbidden', 'validation_failed']);

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: requireAdmin,
  validateSearch: reviewSearch,
  loaderDeps: ({ search }: { search: ReviewSearch }) => search,
  loader: ({ deps }) => theApp().client.adminExports(reviewFilter(deps)),
  component: function Admin() {
    return <AdminExportsPage data={admin.useLoaderData()} search={admin.useSearch()} />;
  },
});

const adminAudit = createRoute({
  getParentRoute: () => root,
  path: '/admin/audit',
  beforeLoad: requireAdmin,
  validateSearch: auditSearch,
  loaderDeps: ({ search }: { search: AuditSearch }) => search,
  loader: ({ deps }) => theApp().client.adminAudit(deps),
  component: function Audit() {
    return <AdminAuditPage data={adminAudit.useLoaderData()} search={adminAudit.useSearch()} />;
  },
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    projects,
    project,
    signIn,
    exportsList,
    exported,
    admin,
    adminAudit,
  ]),
  defaultPendingComponent: Pending,
  defaultErrorComponent: RouteError,
  defaultPendingMs: 200,
  // What a project holds changes under the hand: nothing is taken from a cache.
  defaultStaleTime: 0,
  defaultGcTime: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
