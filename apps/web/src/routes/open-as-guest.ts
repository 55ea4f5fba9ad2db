import { redirect } from '@tanstack/react-router';
import { theApp, useAccount } from '../session/index.ts';

const DEMO_NAME = 'My first mix';

/**
 * The first page: whoever comes without an account becomes a guest with a copy of the demo of their own, the same one
 * again when they return; everybody else goes to their projects.
 */
export async function openAsGuest(): Promise<never> {
  const { auth, client } = theApp();
  const account = useAccount.getState().account ?? (await auth.signInAsGuest());
  if (account?.role !== 'guest') throw redirect({ to: '/projects', replace: true });
  const [latest] = (await client.projects()).sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const { id } = latest ?? (await client.createProject({ name: DEMO_NAME, from: 'demo' }));
  throw redirect({ to: '/projects/$id', params: { id }, replace: true });
}
