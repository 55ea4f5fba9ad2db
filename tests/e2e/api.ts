import { Catalog, type ProjectSnapshot, ProjectSnapshot as Snapshot } from '@mixdown/contract';

/** A demo account's access token. */
export async function tokenOf(url: string, email = 'pro@demo.mixdown'): Promise<string> {
  const answer = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'mixdown-demo' }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}

/** The project that a page shows, asked for over HTTP. */
export async function projectApi(url: string, projectUrl: string, email?: string) {
  const headers = { authorization: `Bearer ${await tokenOf(url, email)}` };
  const projectId = /projects\/([0-9a-f-]{36})/.exec(projectUrl)?.[1];
  const base = `${url}/api/v1/daw`;
  const get = async (path: string) => {
    const answer = await fetch(`${base}${path}`, { headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    projectId,
    async snapshot(): Promise<ProjectSnapshot> {
      return Snapshot.parse(await (await get(`/projects/${projectId}`)).json());
    },
    async catalog(): Promise<Catalog> {
      return Catalog.parse(await (await get('/plugins/catalog')).json());
    },
    async audio(snapshot: ProjectSnapshot): Promise<Map<string, Float32Array<ArrayBuffer>>> {
      const audio = new Map<string, Float32Array<ArrayBuffer>>();
      for (const { id } of snapshot.assets) {
        audio.set(id, new Float32Array(await (await get(`/assets/${id}/content`)).arrayBuffer()));
      }
      return audio;
    },
  };
}
