import { randomUUID } from 'node:crypto';
import { Catalog, type CatalogEntry } from '@mixdown/contract';
import type { Cluster } from '../../tests/support/cluster/cluster.ts';
import { ask } from '../../tests/support/cluster/people.ts';

/** A project in which everybody may turn knobs, with one effect for each who does. */
export interface BenchProject {
  readonly projectId: string;
  readonly tokens: readonly string[];
  readonly pluginIds: readonly string[];
  readonly entry: CatalogEntry;
}

const DAW = '/api/v1/daw';
const EFFECT = 'mixdown.eq';

async function send(
  cluster: Cluster,
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  token?: string,
) {
  const answer = await ask(cluster, path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (answer.status >= 400)
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const post = (cluster: Cluster, path: string, body: unknown, token?: string) =>
  send(cluster, 'POST', path, body, token);

export async function createBenchProject(
  cluster: Cluster,
  people: number,
  movers: number,
): Promise<BenchProject> {
  const accounts: { email: string; token: string }[] = [];
  for (let n = 0; n < people; n++) {
    const email = `${randomUUID()}@bench.test`;
    const session = await post(cluster, '/auth/v1/signup', {
      email,
      password: 'a long enough password',
    });
    accounts.push({ email, token: String(session.access_token) });
  }
  const owner = accounts[0]?.token ?? '';
  const projectId = String((await post(cluster, `${DAW}/projects`, { name: 'Room' }, owner)).id);
  for (const { email } of accounts.slice(1))
    await send(
      cluster,
      'PUT',
      `${DAW}/projects/${projectId}/members`,
      { email, role: 'editor' },
      owner,
    );
  const catalog = Catalog.parse((await ask(cluster, `${DAW}/plugins/catalog`)).body);
  const entry = catalog.entries.find(({ id }) => id === EFFECT);
  if (!entry) throw new Error(`the catalog lacks ${EFFECT}`);
  const track = await post(cluster, `${DAW}/projects/${projectId}/tracks`, {}, owner);
  const trackId = (track.track as { id: string }).id;
  const pluginIds: string[] = [];
  for (let n = 0; n < movers; n++) {
    const body = { trackId, catalogId: EFFECT };
    const added = await post(cluster, `${DAW}/projects/${projectId}/plugins`, body, owner);
    pluginIds.push((added.plugin as { id: string }).id);
  }
  return { projectId, tokens: accounts.map(({ token }) => token), pluginIds, entry };
}
