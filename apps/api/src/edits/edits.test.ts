import { PluginResponse } from '@mixdown/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../testing/caller.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let pro: Caller;
beforeAll(async () => {
  server = await createTestServer();
  pro = await server.signUp();
});
afterAll(() => server.close());

/** A project with one empty track. */
async function scene() {
  const projectId = await pro.createProject();
  const trackId = await pro.addTrack(projectId);
  return { projectId, trackId, url: `/projects/${projectId}` };
}
const snapshotOf = async (projectId: string) => (await pro.get(`/projects/${projectId}`)).json();
async function chainOf(projectId: string, trackId: string): Promise<string[]> {
  const { plugins } = await snapshotOf(projectId);
  const chain = plugins.filter((p: { trackId: string }) => p.trackId === trackId);
  expect(chain.map((p: { position: number }) => p.position)).toEqual(
    chain.map((_: unknown, i: number) => i),
  );
  return chain.map((p: { id: string }) => p.id);
}
/** The log must count 1, 2, 3, … up to the project's seq. */
async function expectGaplessLog(projectId: string) {
  const { rows } = await server.db.pool.query(
    'select seq from daw_operations where project_id = $1 order by seq',
    [projectId],
  );
  const { project } = await snapshotOf(projectId);
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: project.seq }, (_, i) => i + 1));
}

describe('a chain', () => {
  it('takes a plugin with its defaults, and tells the order', async () => {
    const { url, trackId } = await scene();
    const first = await pro.post(`${url}/plugins`, { trackId, catalogId: 'test.echo' });
    expect(first.statusCode).toBe(201);
    const { plugin } = PluginResponse.parse(first.json());
    expect(plugin).toMatchObject({ position: 0, params: { gain: 0 }, mix: 0.3, bypassed: false });
    const body = { trackId, catalogId: 'test.gain', position: 0, params: { gain: -6 } };
    const second = PluginResponse.parse((await pro.post(`${url}/plugins`, body)).json());
    expect(second.plugin.params).toEqual({ gain: -6, mode: 0 });
    expect(second.chains).toEqual([{ trackId, pluginIds: [second.plugin.id, plugin.id] }]);
    expect(second.seq).toBe(3);
  });

  it('adds nothing when the same id comes again', async () => {
    const { url, projectId, trackId } = await scene();
    const body = { id: crypto.randomUUID(), trackId, catalogId: 'test.gain' };
    const both = await Promise.all([1, 2].map(() => pro.post(`${url}/plugins`, body)));
    expect(both.map((a) => a.statusCode).sort()).toEqual([200, 201]);
    expect(await chainOf(projectId, trackId)).toEqual([body.id]);
    const upper = { ...body, id: body.id.toUpperCase() };
    expect((await pro.post(`${url}/plugins`, upper)).statusCode).toBe(200);
    const elsewhere = await scene();
    const taken = { ...body, trackId: elsewhere.trackId };
    expect((await pro.post(`${elsewhere.url}/plugins`, taken)).json().detail).toBe(
      'This id is taken.',
    );
  });

  it.each([
    ['unknown_plugin', { catalogId: 'no.such' }, /no plugin "no.such"/],
    ['unknown_parameter', { params: { gian: 1 } }, /no parameter "gian"/],
    [
      'parameter_out_of_range',
      { params: { gain: 25 } },
      /between −24.0 dB and \+24.0 dB .*, not 25/,
    ],
    ['parameter_out_of_range', { params: { mode: 0.5 } }, /whole numbers from 0 to 2/],
    ['position_out_of_range', { position: 1 }, /takes 0 to 0/],
    ['position_out_of_range', { position: -1 }, /Position -1 .*takes 0 to 0/],
    ['position_out_of_range', { position: Number.MAX_SAFE_INTEGER }, /takes 0 to 0/],
    ['track_not_in_project', { trackId: crypto.randomUUID() }, /no track/],
  ])('refuses with %s', async (code, more, detail) => {
    const { url, trackId } = await scene();
    const answer = await pro.post(`${url}/plugins`, { trackId, catalogId: 'test.gain', ...more });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });

  it('takes no track of another project, in any place', async () => {
    const [here, there] = [await scene(), await scene()];
    const pluginId = await pro.addPlugin(here.projectId, here.trackId);
    const foreign = await pro.addPlugin(there.projectId, there.trackId);
    const add = { trackId: there.trackId, catalogId: 'test.gain' };
    expect((await pro.post(`${here.url}/plugins`, add)).json().code).toBe('track_not_in_project');
    const move = { position: 0, trackId: there.trackId };
    const moved = await pro.patch(`${here.url}/plugins/${pluginId}/position`, move);
    expect(moved.json().code).toBe('track_not_in_project');
    expect((await pro.put(`${here.url}/plugins/${foreign}`, { mix: 0 })).statusCode).toBe(404);
    expect((await pro.delete(`${here.url}/plugins/${foreign}`)).statusCode).toBe(404);
    expect((await pro.delete(`${here.url}/tracks/${there.trackId}`)).statusCode).toBe(404);
  });

  it('and the order of tracks have no place below their beginning or behind their end', async () => {
    const { url, projectId, trackId } = await scene();
    const id = await pro.addPlugin(projectId, trackId);
    for (const position of [-1, 1, 999]) {
      for (const answer of [
        await pro.patch(`${url}/plugins/${id}/position`, { position }),
        await pro.patch(`${url}/tracks/${trackId}`, { position }),
        await pro.post(`${url}/tracks`, { position: position === 1 ? 2 : position }),
      ]) {
        expect(answer.json()).toMatchObject({ status: 422, code: 'position_out_of_range' });
      }
    }
    const moved = await pro.patch(`${url}/plugins/${id}/position`, { position: 0.5 });
    expect(moved.json()).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(await chainOf(projectId, trackId)).toEqual([id]);
  });

  it('is full at sixteen', async () => {
    const { url, projectId, trackId } = await scene();
    const adds = Array.from({ length: 20 }, () =>
      pro.post(`${url}/plugins`, { trackId, catalogId: 'test.gain', position: 0 }),
    );
    const answers = await Promise.all(adds);
    expect(answers.filter((a) => a.statusCode === 201)).toHaveLength(16);
    expect(answers.filter((a) => a.json().code === 'chain_full')).toHaveLength(4);
    expect(await chainOf(projectId, trackId)).toHaveLength(16);
    await expectGaplessLog(projectId);
  });

  it('takes two that are added at one place at the same moment', async () => {
    const { url, projectId, trackId } = await scene();
    const last = await pro.addPlugin(projectId, trackId);
    for (let round = 0; round < 5; round++) {
      const before = await chainOf(projectId, trackId);
      const body = { trackId, catalogId: 'test.gain', position: 0 };
      const both = await Promise.all([1, 2].map(() => pro.post(`${url}/plugins`, body)));
      expect(both.map((a) => a.statusCode)).toEqual([201, 201]);
      const added = both.map((a) => a.json().plugin.id);
      const chain = await chainOf(projectId, trackId);
      expect(chain.slice(2)).toEqual(before);
      expect(new Set(chain.slice(0, 2))).toEqual(new Set(added));
    }
    expect((await chainOf(projectId, trackId)).at(-1)).toBe(last);
    await expectGaplessLog(projectId);
  });

  it('stays whole under fifty reorders at once', async () => {
    const { url, projectId, trackId } = await scene();
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push(await pro.addPlugin(projectId, trackId));
    const moves = Array.from({ length: 50 }, (_, i) =>
      pro.patch(`${url}/plugins/${ids[i % 8]}/position`, { position: (i * 5 + 3) % 8 }),
    );
    const answers = await Promise.all(moves);
    expect(answers.map((a) => a.statusCode)).toEqual(new Array(50).fill(200));
    expect(new Set(answers.map((a) => a.json().seq)).size).toBe(50);
    const chain = await chainOf(projectId, trackId);
    expect([...chain].sort()).toEqual([...ids].sort());
    const last = answers.map((a) => a.json()).sort((a, b) => b.seq - a.seq)[0];
    expect(chain).toEqual(last.chains[0].pluginIds);
    await expectGaplessLog(projectId);
  });

  it('moves a plugin to another track, and tells both orders', async () => {
    const { url, projectId, trackId } = await scene();
    const other = await pro.addTrack(projectId);
    const [a, b] = [
      await pro.addPlugin(projectId, trackId),
      await pro.addPlugin(projectId, trackId),
    ];
    const c = await pro.addPlugin(projectId, other);
    const answer = await pro.patch(`${url}/plugins/${a}/position`, { position: 1, trackId: other });
    expect(answer.json().chains).toEqual([
      { trackId: other, pluginIds: [c, a] },
      { trackId, pluginIds: [b] },
    ]);
    expect(await chainOf(projectId, other)).toEqual([c, a]);
    expect(await chainOf(projectId, trackId)).toEqual([b]);
  });

  it('follows a model under any sequence of edits', async () => {
    const { url, projectId, trackId } = await scene();
    const other = await pro.addTrack(projectId);
    const edit = fc.oneof(
      fc.record({ do: fc.constant('add' as const), at: fc.nat(5), to: fc.nat(1) }),
      fc.record({
        do: fc.constant('move' as const),
        which: fc.nat(9),
        at: fc.nat(5),
        to: fc.nat(1),
      }),
      fc.record({ do: fc.constant('remove' as const), which: fc.nat(9) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 10 }), async (edits) => {
        const tracks = [trackId, other] as const;
        const chains: [string[], string[]] = [[], []];
        for (const left of [
          ...(await chainOf(projectId, trackId)),
          ...(await chainOf(projectId, other)),
        ])
          await pro.delete(`${url}/plugins/${left}`);
        for (const e of edits) {
          const all = chains.flat();
          if (e.do === 'add') {
            const chain = chains[e.to] as string[];
            const body = { trackId: tracks[e.to], catalogId: 'test.gain', position: e.at };
            const answer = await pro.post(`${url}/plugins`, body);
            expect(answer.statusCode).toBe(e.at <= chain.length ? 201 : 422);
            if (answer.statusCode === 201) chain.splice(e.at, 0, answer.json().plugin.id);
            continue;
          }
          const id = all[e.which % all.length];
          if (id === undefined) continue;
          const from = chains[0].includes(id) ? chains[0] : chains[1];
          if (e.do === 'remove') {
            expect((await pro.delete(`${url}/plugins/${id}`)).statusCode).toBe(204);
            from.splice(from.indexOf(id), 1);
            continue;
          }
          const target = chains[e.to] as string[];
          const last = target === from ? from.length - 1 : target.length;
          const body = { position: e.at, trackId: tracks[e.to] };
          const answer = await pro.patch(`${url}/plugins/${id}/position`, body);
          expect(answer.statusCode).toBe(e.at <= last ? 200 : 422);
          if (answer.statusCode !== 200) continue;
          from.splice(from.indexOf(id), 1);
          target.splice(e.at, 0, id);
        }
        expect(await chainOf(projectId, trackId)).toEqual(chains[0]);
        expect(await chainOf(projectId, other)).toEqual(chains[1]);
      }),
      { numRuns: 12 },
    );
    await expectGaplessLog(projectId);
  });
});

describe('a plugin', () => {
  it('keeps what is not named, and its opaque state byte for byte', async () => {
    const { url, projectId, trackId } = await scene();
    const id = await pro.addPlugin(projectId, trackId, { params: { gain: 3 } });
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 256));
    const state = bytes.toString('base64');
    expect((await pro.put(`${url}/plugins/${id}`, { state })).statusCode).toBe(200);
    await pro.put(`${url}/plugins/${id}`, { params: { mode: 2 }, mix: 0.25 });
    await pro.put(`${url}/plugins/${id}`, { bypassed: true });
    await pro.addPlugin(projectId, trackId, { position: 0 });
    const plugin = (await snapshotOf(projectId)).plugins.find((p: { id: string }) => p.id === id);
    expect(plugin).toMatchObject({ params: { gain: 3, mode: 2 }, mix: 0.25, bypassed: true });
    expect(Buffer.from(plugin.state, 'base64').equals(bytes)).toBe(true);
    const cleared = await pro.put(`${url}/plugins/${id}`, { state: null });
    expect(cleared.json().plugin.state).toBeNull();
  });

  it('whose entry is gone keeps its state, and can be moved, bypassed, mixed and removed', async () => {
    const { url, projectId, trackId } = await scene();
    const id = await pro.addPlugin(projectId, trackId);
    await pro.addPlugin(projectId, trackId);
    await server.db.pool.query(
      "update daw_plugins set catalog_id = 'gone.plugin', state = 'AAEC', params = '{\"x\": 9}' where id = $1",
      [id],
    );
    for (const change of [
      { params: { x: 1 } },
      { params: {} },
      { state: 'AAAA' },
      { state: null },
    ]) {
      const answer = await pro.put(`${url}/plugins/${id}`, change);
      expect(answer.json()).toMatchObject({ status: 422, code: 'unknown_plugin' });
    }
    expect((await pro.put(`${url}/plugins/${id}`, { bypassed: true, mix: 0.5 })).statusCode).toBe(
      200,
    );
    const moved = await pro.patch(`${url}/plugins/${id}/position`, { position: 1 });
    expect(moved.json().plugin).toMatchObject({ state: 'AAEC', params: { x: 9 }, position: 1 });
    expect((await pro.delete(`${url}/plugins/${id}`)).statusCode).toBe(204);
  });

  it('held by somebody else answers 423 with who and how long; holders write on', async () => {
    const { url, projectId, trackId } = await scene();
    const ana = await server.signUp();
    await pro.put(`${url}/members/${ana.userId}`, { role: 'editor' });
    const id = await pro.addPlugin(projectId, trackId);
    const hold = (seconds: number) =>
      server.db.pool.query(
        `insert into daw_plugin_locks (plugin_id, project_id, session_id, user_id, fence, expires_at)
         values ($1, $2, 'tab', $3, 1, clock_timestamp() + make_interval(secs => $4))
         on conflict (plugin_id) do update set expires_at = excluded.expires_at`,
        [id, projectId, ana.userId, seconds],
      );
    await hold(12);
    const refused = await pro.put(`${url}/plugins/${id}`, { params: { gain: 1 } });
    expect(refused.statusCode).toBe(423);
    const problem = refused.json();
    expect(problem).toMatchObject({
      code: 'plugin_locked',
      holder: { userId: ana.userId, email: ana.email },
    });
    expect(problem.secondsLeft).toBeGreaterThan(0);
    expect(problem.secondsLeft).toBeLessThanOrEqual(12);
    expect(Number(refused.headers['retry-after'])).toBe(problem.secondsLeft);
    expect((await pro.delete(`${url}/plugins/${id}`)).statusCode).toBe(423);
    expect((await pro.delete(`${url}/tracks/${trackId}`)).statusCode).toBe(423);
    expect((await ana.put(`${url}/plugins/${id}`, { params: { gain: 2 } })).statusCode).toBe(200);
    expect((await pro.patch(`${url}/plugins/${id}/position`, { position: 0 })).statusCode).toBe(
      200,
    );
    await hold(-1);
    expect((await pro.put(`${url}/plugins/${id}`, { params: { gain: 3 } })).statusCode).toBe(200);
  });

  it('takes a fence, and refuses one that has moved on', async () => {
    const { url, projectId, trackId } = await scene();
    const id = await pro.addPlugin(projectId, trackId);
    expect((await pro.put(`${url}/plugins/${id}`, { mix: 0.1, fence: 0 })).statusCode).toBe(200);
    await server.db.pool.query('update daw_plugins set fence = 4 where id = $1', [id]);
    const stale = await pro.put(`${url}/plugins/${id}`, { mix: 0.2, fence: 0 });
    expect(stale.json()).toMatchObject({ status: 409, code: 'stale_fence', fence: 4 });
  });

  it('writes every edit into the log, and tells listeners', async () => {
    const { url, projectId, trackId } = await scene();
    const id = await pro.addPlugin(projectId, trackId);
    await pro.put(`${url}/plugins/${id}`, { params: { gain: 1 } });
    await pro.put(`${url}/plugins/${id}`, { state: 'AAEC', mix: 1 });
    await pro.patch(`${url}/plugins/${id}/position`, { position: 0 });
    const gone = await pro.delete(`${url}/plugins/${id}`);
    const { rows } = await server.db.pool.query(
      'select kind, payload, actor from daw_operations where project_id = $1 order by seq',
      [projectId],
    );
    expect(rows.map((row) => row.kind)).toEqual([
      'track.add',
      'plugin.add',
      'plugin.params',
      'plugin.update',
      'plugin.move',
      'plugin.remove',
    ]);
    expect(rows.every((row) => row.actor === pro.userId)).toBe(true);
    expect(rows[3].payload).toEqual({
      pluginId: id,
      trackId,
      patch: { mix: 1 },
      stateChanged: true,
    });
    expect(gone.headers['x-project-seq']).toBe('6');
  });
});

describe('tracks', () => {
  it('are added, moved and removed without a gap, also at once', async () => {
    const { url, projectId, trackId } = await scene();
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        pro.post(`${url}/tracks`, { name: `T${i}`, position: 0 }),
      ),
    );
    let { tracks } = await snapshotOf(projectId);
    expect(tracks.map((t: { position: number }) => t.position)).toEqual([...Array(13).keys()]);
    expect(tracks.at(-1).id).toBe(trackId);
    const moved = await pro.patch(`${url}/tracks/${trackId}`, {
      position: 0,
      gainDb: -6,
      soloed: true,
    });
    expect(moved.json().track).toMatchObject({ position: 0, gainDb: -6, soloed: true, pan: 0 });
    await Promise.all(
      tracks.slice(0, 5).map((t: { id: string }) => pro.delete(`${url}/tracks/${t.id}`)),
    );
    ({ tracks } = await snapshotOf(projectId));
    expect(tracks.map((t: { position: number }) => t.position)).toEqual([...Array(8).keys()]);
    const off = await pro.patch(`${url}/tracks/${trackId}`, { position: 8 });
    expect(off.json().code).toBe('position_out_of_range');
    await expectGaplessLog(projectId);
  });

  it('are at most sixty-four', async () => {
    const projectId = await pro.createProject();
    for (let i = 0; i < 64; i++) await pro.addTrack(projectId);
    const answer = await pro.post(`/projects/${projectId}/tracks`, {});
    expect(answer.json()).toMatchObject({ status: 422, code: 'position_out_of_range' });
  });
});
