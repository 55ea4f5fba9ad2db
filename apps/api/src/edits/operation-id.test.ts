import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../testing/caller.ts';
import { insertTestAsset } from '../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let pro: Caller;
beforeAll(async () => {
  server = await createTestServer();
  pro = await server.signUp();
});
afterAll(() => server.close());

async function scene() {
  const projectId = await pro.createProject();
  const trackId = await pro.addTrack(projectId);
  const pluginId = await pro.addPlugin(projectId, trackId);
  const assetId = await insertTestAsset(server, { projectId, frames: 48_000 });
  const url = `/projects/${projectId}`;
  const clip = await pro.post(`${url}/clips`, { trackId, assetId, startFrame: 0 });
  return { projectId, trackId, pluginId, assetId, clipId: clip.json().clip.id as string, url };
}
type Scene = Awaited<ReturnType<typeof scene>>;
type Send = (scene: Scene, headers: Record<string, string>) => ReturnType<Caller['post']>;

const EDITS: [string, Send][] = [
  ['add a track', (s, h) => pro.post(`${s.url}/tracks`, { name: 'Keys' }, h)],
  ['change a track', (s, h) => pro.patch(`${s.url}/tracks/${s.trackId}`, { pan: 0.5 }, h)],
  ['remove a track', (s, h) => pro.delete(`${s.url}/tracks/${s.trackId}`, h)],
  [
    'add a clip',
    ({ url, trackId, assetId }, h) =>
      pro.post(`${url}/clips`, { trackId, assetId, startFrame: 9 }, h),
  ],
  ['change a clip', (s, h) => pro.patch(`${s.url}/clips/${s.clipId}`, { startFrame: 7 }, h)],
  ['remove a clip', (s, h) => pro.delete(`${s.url}/clips/${s.clipId}`, h)],
  [
    'add a plugin',
    ({ url, trackId }, h) => pro.post(`${url}/plugins`, { trackId, catalogId: 'test.echo' }, h),
  ],
  [
    'change values',
    (s, h) => pro.put(`${s.url}/plugins/${s.pluginId}`, { params: { gain: 3 } }, h),
  ],
  ['change a plugin', (s, h) => pro.put(`${s.url}/plugins/${s.pluginId}`, { mix: 0.2 }, h)],
  [
    'move a plugin',
    (s, h) => pro.patch(`${s.url}/plugins/${s.pluginId}/position`, { position: 0 }, h),
  ],
  ['remove a plugin', (s, h) => pro.delete(`${s.url}/plugins/${s.pluginId}`, h)],
  ['rename the project', (s, h) => pro.patch(s.url, { name: 'Another' }, h)],
];
const logOf = async ({ projectId }: Scene): Promise<string[]> =>
  (
    await server.db.pool.query(
      'select op_id from daw_operations where project_id = $1 order by seq',
      [projectId],
    )
  ).rows.map((row) => row.op_id);

describe('an Operation-Id', () => {
  it.each(EDITS)('lets somebody %s once, however often they ask', async (_, send) => {
    const here = await scene();
    const before = (await logOf(here)).length;
    const opId = crypto.randomUUID();
    const headers = { 'operation-id': opId };
    const answers = await Promise.all([1, 2, 3].map(() => send(here, headers)));
    answers.push(await send(here, headers));
    expect((await logOf(here)).slice(before)).toEqual([opId]);
    for (const answer of answers) {
      expect([200, 201, 204]).toContain(answer.statusCode);
      const seq = answer.headers['x-project-seq'] ?? answer.json().seq;
      expect(Number(seq)).toBe(before + 1);
    }
    const bodies = answers.map(({ body }) => (body ? Object.keys(JSON.parse(body)).sort() : []));
    expect(new Set(bodies.map((keys) => keys.join())).size).toBe(1);
  });

  it('stands for one edit: another one under it is refused', async () => {
    const here = await scene();
    const headers = { 'operation-id': crypto.randomUUID() };
    expect((await pro.patch(here.url, { name: 'One' }, headers)).statusCode).toBe(200);
    const other = await pro.delete(`${here.url}/tracks/${here.trackId}`, headers);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it.each([
    ['operation-id', 'not-a-uuid', /Operation-Id header must be a UUID/],
    ['mixdown-session', 'short', /Mixdown-Session header must be 16 to 64/],
    ['mixdown-session', 'a session with spaces', /Mixdown-Session/],
  ])('in the %s header that is %s is refused', async (name, value, detail) => {
    const here = await scene();
    const answer = await pro.patch(here.url, { name: 'x' }, { [name]: value });
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'validation_failed',
      detail: expect.stringMatching(detail),
    });
  });
});
