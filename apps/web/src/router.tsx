import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { ExportPage } from './routes/export.tsx';
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
function requireAccount({ location }: { location: { pathname: string } }): void {
  if (useAccount.getState().account) return;
  throw redirect({ to: '/sign-in', search: { mode: 'in', next: location.pathname } });
}

const home = createRoute({ getParentRoute: () => root, path: '/', loader: openAsGuest });

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  beforeLoad: requireAccount,
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

const exported = createRoute({
  getParentRoute: () => root,
  path: '/exports/$id',
  beforeLoad: requireAccount,
  loader: async ({ params }) => {
    const { view } = await theApp().client.export(params.id);
    if (!view) throw new Error('The export came without an answer');
    return view;
  },
  component: function Export() {
    const view = exported.useLoaderData();
    return <ExportPage key={view.id} initial={view} />;
  },
});

export const router = createRouter({
  routeTree: root.addChildren([home, projects, project, signIn, exported]),
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
