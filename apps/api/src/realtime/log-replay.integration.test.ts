import { ProjectSnapshot } from '@mixdown/contract';
import { applyOperation } from '@mixdown/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertTestAsset } from '../testing/insert-test-asset.ts';
import { hold, type Nodes, startNodes } from '../testing/room-scene.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await startNodes(1);
});
afterAll(() => nodes[Symbol.asyncDispose]());

/** What operations do not speak of: when, which fence, and the bytes of assets. */
const comparable = ({ project, plugins, assets: _, ...rest }: ProjectSnapshot) => ({
  ...rest,
  project: { ...project, updatedAt: '' },
  plugins: plugins.map((plugin) => ({ ...plugin, fence: 0, updatedAt: '' })),
});

it('gives the same project when it is applied from the start, each operation once or twice', async () => {
  const { owner, server } = nodes;
  const projectId = await owner.createProject('Beginnings');
  const read = async () =>
    ProjectSnapshot.parse((await owner.get(`/projects/${projectId}`)).json());
  const empty = await read();
  const url = `/projects/${projectId}`;

  // Over HTTP.
  const [keys, drums, bass] = [
    await owner.addTrack(projectId, { name: 'Keys' }),
    await owner.addTrack(projectId, { name: 'Drums' }),
    await owner.addTrack(projectId, { name: 'Bass' }),
  ];
  const assetId = await insertTestAsset(server, { projectId, frames: 48_000 });
  const [first, second, third, fourth] = [
    await owner.addPlugin(projectId, keys),
    await owner.addPlugin(projectId, keys, { position: 0 }),
    await owner.addPlugin(projectId, drums),
    await owner.addPlugin(projectId, bass),
  ];
  const put = async (path: string, body: object) =>
    expect((await owner.put(`${url}${path}`, body)).statusCode).toBe(200);
  await put(`/plugins/${first}`, { params: { gain: -3 }, mix: 0.25, bypassed: true });
  await put(`/plugins/${first}`, { bypassed: false });

  // Over the socket.
  const socket = await nodes.join(server.app, owner, {
    projectId,
    trackId: keys,
    pluginIds: [first, second],
    url,
  });
  const edit = async (kind: string, payload: object) => {
    const opId = crypto.randomUUID();
    socket.say({ t: 'op', opId, kind, payload });
    await socket.next('op.ok', (ok) => ok.opId === opId);
  };
  const [clip, other] = [crypto.randomUUID(), crypto.randomUUID()];
  await edit('project.update', { name: 'Endings', tempo: 97 });
  await edit('clip.add', { id: clip, trackId: keys, assetId, startFrame: 100 });
  await edit('clip.add', { id: other, trackId: drums, assetId, startFrame: 7 });
  await edit('clip.update', { clipId: clip, trackId: drums, startFrame: 5, gainDb: -6 });
  await edit('clip.remove', { clipId: other });
  await edit('track.update', { trackId: drums, position: 0, muted: true, pan: -0.5 });
  await edit('plugin.move', { pluginId: first, trackId: drums, position: 0 });
  await edit('plugin.update', { pluginId: third, params: { gain: 3, mode: 1 } });
  await edit('plugin.remove', { pluginId: second });
  const f = await hold(socket);
  for (let n = 1; n <= 9; n++)
    socket.say({ t: 'pf', h: socket.h, f, n, v: [0, n, 1, n % 3], ...(n % 4 === 1 && { fin: 1 }) });
  await socket.next('ack', ({ n }) => n === 9);
  await edit('track.remove', { trackId: bass });

  const whole = await read();
  expect(whole.project.seq).toBeGreaterThan(15);
  expect(whole.plugins.map(({ id }) => id)).not.toContain(fourth);
  const { ops = [] } = await socket.hello({ who: owner, projectId, lastSeq: 0 });
  expect(ops.map(({ seq }) => seq)).toEqual(
    Array.from({ length: whole.project.seq }, (_, at) => at + 1),
  );
  const once = ops.reduce(applyOperation, empty);
  expect(comparable(once)).toEqual(comparable(whole));
  const twice = ops.reduce((project, op) => applyOperation(applyOperation(project, op), op), empty);
  expect(comparable(twice)).toEqual(comparable(whole));
  await socket.close();
});
