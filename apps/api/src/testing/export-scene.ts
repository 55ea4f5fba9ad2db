import type { Caller } from './caller.ts';
import { fakeRender } from './fake-render.ts';
import { insertTestAsset } from './insert-test-asset.ts';
import type { TestServer } from './test-server.ts';

export interface ExportScene {
  readonly owner: Caller;
  readonly projectId: string;
  /** Requests an export of the project; its id. */
  request(caller?: Caller): Promise<string>;
  /** An export that is finished, with `content` for a file; its id. */
  finished(content?: string): Promise<string>;
  /** Somebody of the project. */
  member(role: 'editor' | 'client', account?: 'pro' | 'client'): Promise<Caller>;
}

/** A pro with a project of ten seconds, ready to be exported. */
export async function createExportScene(server: TestServer): Promise<ExportScene> {
  const owner = await server.signUp();
  const projectId = await owner.createProject('Night drive');
  const trackId = await owner.addTrack(projectId);
  const assetId = await insertTestAsset(server, { projectId, frames: 480_000 });
  await owner.post(`/projects/${projectId}/clips`, { trackId, assetId, startFrame: 0 });

  async function request(caller = owner): Promise<string> {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const answer = await caller.post(`/projects/${projectId}/export`, {}, headers);
    if (answer.statusCode !== 202) throw new Error(`${answer.statusCode} ${answer.body}`);
    return answer.json().id;
  }
  return {
    owner,
    projectId,
    request,
    async finished(content = 'RIFF, so to speak') {
      const id = await request();
      await fakeRender(server, id, Buffer.from(content));
      return id;
    },
    async member(role, account = role === 'client' ? 'client' : 'pro') {
      const caller = await server.signUp(account);
      const url = `/projects/${projectId}/members/${caller.userId}`;
      const answer = await owner.put(url, { role });
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
      return caller;
    },
  };
}
