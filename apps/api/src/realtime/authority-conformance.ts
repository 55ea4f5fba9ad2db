import type { OperationRequest } from '@mixdown/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../auth/identity.ts';
import type { Acquired, Authority } from './authority.ts';

/**
 * A project with its people: an owner (account `pro`), an editor (`pro`), a client of the project (`pro`), an admin
 * (account `admin`, role editor) who joined in this order, and a stranger. Plugins are `test.gain` with their defaults
 * (gain −24 … 24, mode 0 … 2): two in the first track's chain, one in the second's. Nobody holds anything.
 */
export interface AuthorityFixture {
  readonly authority: Authority;
  readonly identities: Readonly<
    Record<'owner' | 'editor' | 'client' | 'admin' | 'stranger', Identity>
  >;
  readonly projectId: string;
  readonly trackIds: readonly [string, string];
  readonly pluginIds: readonly [string, string, string];
  /** Lets leases run on; null where time cannot be moved. */
  readonly advance: ((ms: number) => Promise<void> | void) | null;
  close(): Promise<void>;
}

const TTL_MS = 10_000;
const [TAB_A, TAB_B, TAB_C] = ['tab-a-0123456789', 'tab-b-0123456789', 'tab-c-0123456789'] as const;

/** What any authority keeps to. `makeFixture` gives a new project each time. */
export function authorityConformance(
  name: string,
  makeFixture: () => Promise<AuthorityFixture>,
): void {
  describe(`authority: ${name}`, () => {
    let f: AuthorityFixture;
    let plugin: string;
    beforeEach(async () => {
      f = await makeFixture();
      plugin = f.pluginIds[0];
    });
    afterEach(() => f.close());

    type Who = keyof AuthorityFixture['identities'];
    const acquire = (who: Who, session: string, o: { force?: boolean; pluginId?: string } = {}) =>
      f.authority.acquire({
        identity: f.identities[who],
        pluginId: o.pluginId ?? plugin,
        session,
        ttlMs: TTL_MS,
        force: o.force ?? false,
      });
    const write = (
      who: Who,
      session: string,
      o: { fence: number; n: number; gain: number; opId?: string; pluginId?: string },
    ) =>
      f.authority.writeParams({
        identity: f.identities[who],
        projectId: f.projectId,
        pluginId: o.pluginId ?? plugin,
        session,
        fence: o.fence,
        n: o.n,
        params: { gain: o.gain },
        opId: o.opId ?? crypto.randomUUID(),
      });
    const perform = (
      who: Who,
      session: string,
      request: OperationRequest,
      more: { fence?: number } = {},
    ) =>
      f.authority.perform(f.identities[who], f.projectId, {
        ...request,
        session,
        ...more,
      } as never);
    const fenceOf = (answer: Acquired) => {
      if (!('ok' in answer) || !answer.ok) throw new Error(JSON.stringify(answer));
      return answer.fence;
    };
    const seqOf = async () =>
      (await f.authority.standing(f.identities.owner, f.projectId))?.seq ?? -1;
    const slotOf = async (pluginId: string) =>
      (await f.authority.snapshot(f.identities.owner, f.projectId))?.plugins.find(
        ({ id }) => id === pluginId,
      );
    const bypass = (pluginId: string, bypassed = true): OperationRequest => ({
      opId: crypto.randomUUID(),
      kind: 'plugin.update',
      payload: { pluginId, bypassed },
    });

    describe('standing', () => {
      it('says role, right and colour of everybody who belongs', async () => {
        const all = await Promise.all(
          (['owner', 'editor', 'client', 'admin'] as const).map((who) =>
            f.authority.standing(f.identities[who], f.projectId),
          ),
        );
        expect(all.map((s) => [s?.role, s?.editable, s?.color])).toEqual([
          ['owner', true, 0],
          ['editor', true, 1],
          ['client', false, 2],
          ['editor', false, 3],
        ]);
        for (const standing of all) expect(standing?.name.length).toBeGreaterThan(0);
      });

      it('is that of the snapshot, and null for a stranger', async () => {
        const [standing, snapshot] = await Promise.all([
          f.authority.standing(f.identities.owner, f.projectId),
          f.authority.snapshot(f.identities.owner, f.projectId),
        ]);
        expect(standing).toMatchObject({
          epoch: snapshot?.project.epoch,
          seq: snapshot?.project.seq,
          role: snapshot?.role,
        });
        expect(await f.authority.standing(f.identities.stranger, f.projectId)).toBeNull();
        expect(await f.authority.snapshot(f.identities.stranger, f.projectId)).toBeNull();
        const nowhere = crypto.randomUUID();
        expect(await f.authority.standing(f.identities.owner, nowhere)).toBeNull();
      });
    });

    describe('a lock', () => {
      it('belongs to one session, and keeps its fence while it does', async () => {
        const first = fenceOf(await acquire('editor', TAB_A));
        expect(await acquire('editor', TAB_A)).toEqual({
          ok: true,
          fence: first,
          ttlMs: TTL_MS,
          n: 0,
        });
        expect(await acquire('owner', TAB_B)).toMatchObject({
          ok: false,
          session: TAB_A,
          userId: f.identities.editor.userId,
          fence: first,
        });
        // Another tab of the same account is somebody else, and so is another account with the same session.
        expect(await acquire('editor', TAB_B)).toMatchObject({ ok: false, session: TAB_A });
        expect(await acquire('owner', TAB_A)).toMatchObject({ ok: false, session: TAB_A });
        expect(await f.authority.locks(f.projectId)).toMatchObject([
          { pluginId: plugin, session: TAB_A, userId: f.identities.editor.userId, fence: first },
        ]);
      });

      it('goes to one of many who ask at once', async () => {
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            acquire(i % 2 ? 'owner' : 'editor', `tab-${i}-0123456789ab`),
          ),
        );
        expect(answers.filter((a) => 'ok' in a && a.ok)).toHaveLength(1);
      });

      it('is given up by its holder alone, under its fence; the next fence is higher', async () => {
        const fence = fenceOf(await acquire('editor', TAB_A));
        const release = (session: string, of: number) =>
          f.authority.release({ pluginId: plugin, session, fence: of });
        expect(await release(TAB_B, fence)).toBe(false);
        expect(await release(TAB_A, fence - 1)).toBe(false);
        expect(await release(TAB_A, fence)).toBe(true);
        expect(await release(TAB_A, fence)).toBe(false);
        expect(await f.authority.locks(f.projectId)).toEqual([]);
        expect(fenceOf(await acquire('editor', TAB_A))).toBeGreaterThan(fence);
      });

      it('is not for those who may not edit, nor on what is not there', async () => {
        for (const who of ['client', 'stranger', 'admin'] as const) {
          expect(await acquire(who, TAB_A)).toMatchObject({ refusal: { code: 'not_found' } });
        }
        expect(await acquire('owner', TAB_A, { pluginId: crypto.randomUUID() })).toMatchObject({
          refusal: { code: 'not_found' },
        });
      });

      it('is forced by the owner and by an admin, and by nobody else', async () => {
        const fence = fenceOf(await acquire('editor', TAB_A));
        expect(await acquire('editor', TAB_B, { force: true })).toMatchObject({
          refusal: { code: 'forbidden' },
        });
        expect(await acquire('stranger', TAB_B, { force: true })).toMatchObject({
          refusal: { code: 'not_found' },
        });
        const forced = fenceOf(await acquire('owner', TAB_B, { force: true }));
        expect(forced).toBeGreaterThan(fence);
        expect(await write('editor', TAB_A, { fence, n: 1, gain: 1 })).toBeNull();
        const byAdmin = fenceOf(await acquire('admin', TAB_C, { force: true }));
        expect(byAdmin).toBeGreaterThan(forced);
        expect(await write('admin', TAB_C, { fence: byAdmin, n: 1, gain: 1 })).toBeNull();
      });

      it('is renewed together with all others of its session and user', async () => {
        const other = f.pluginIds[2];
        const fences = [
          fenceOf(await acquire('editor', TAB_A)),
          fenceOf(await acquire('editor', TAB_A, { pluginId: other })),
        ];
        const { userId } = f.identities.editor;
        const renewed = await f.authority.renew(
          [
            { session: TAB_A, userId },
            { session: TAB_B, userId },
          ],
          TTL_MS,
        );
        expect(new Map(renewed.map((l) => [l.pluginId, l.fence]))).toEqual(
          new Map([
            [plugin, fences[0]],
            [other, fences[1]],
          ]),
        );
        const forged = [{ session: TAB_A, userId: f.identities.owner.userId }];
        expect(await f.authority.renew(forged, TTL_MS)).toEqual([]);
      });

      it('ends with its lease', async (context) => {
        if (!f.advance) return context.skip();
        const fence = fenceOf(await acquire('editor', TAB_A));
        await f.advance(TTL_MS / 2);
        expect(await f.authority.sweep()).toEqual([]);
        const mine = [{ session: TAB_A, userId: f.identities.editor.userId }];
        expect(await f.authority.renew(mine, TTL_MS)).toHaveLength(1);
        await f.advance(TTL_MS / 2 + 10);
        expect(await f.authority.locks(f.projectId)).toHaveLength(1);
        await f.advance(TTL_MS);
        expect(await f.authority.locks(f.projectId)).toEqual([]);
        expect(await f.authority.renew(mine, TTL_MS)).toEqual([]);
        expect(await write('editor', TAB_A, { fence, n: 1, gain: 1 })).toBeNull();
        const { projectId } = f;
        expect(await f.authority.sweep()).toEqual([{ projectId, pluginId: plugin, fence }]);
        expect(await f.authority.sweep()).toEqual([]);
        expect(fenceOf(await acquire('editor', TAB_A))).toBeGreaterThan(fence);
      });
    });

    describe('a parameter write', () => {
      it('merges into the plugin and stands in the log', async () => {
        const fence = fenceOf(await acquire('editor', TAB_A));
        const before = await seqOf();
        const opId = crypto.randomUUID();
        const seq = await write('editor', TAB_A, { fence, n: 3, gain: -6, opId });
        expect(seq).toBe(before + 1);
        expect((await slotOf(plugin))?.params).toEqual({ gain: -6, mode: 0 });
        expect(await f.authority.operations(f.projectId, before, 10)).toEqual([
          {
            seq,
            opId,
            kind: 'plugin.params',
            payload: { pluginId: plugin, patch: { params: { gain: -6 } }, fence, n: 3 },
            actor: f.identities.editor.userId,
          },
        ]);
        expect(await acquire('editor', TAB_A)).toMatchObject({ ok: true, fence, n: 3 });
      });

      it('is done once per id and per frame', async () => {
        const fence = fenceOf(await acquire('editor', TAB_A));
        const opId = crypto.randomUUID();
        const seq = await write('editor', TAB_A, { fence, n: 2, gain: 2, opId });
        expect(await write('editor', TAB_A, { fence, n: 2, gain: 2, opId })).toBe(seq);
        expect(await write('editor', TAB_A, { fence, n: 1, gain: 1 })).toBe(seq);
        expect((await slotOf(plugin))?.params.gain).toBe(2);
        expect(await seqOf()).toBe(seq);
        // Also where the answer of the first time was lost with the lock.
        await f.authority.release({ pluginId: plugin, session: TAB_A, fence });
        expect(await write('editor', TAB_A, { fence, n: 2, gain: 2, opId })).toBe(seq);
        expect(await write('editor', TAB_A, { fence, n: 3, gain: 3 })).toBeNull();
      });

      it('of somebody else, or under another fence, writes nothing', async () => {
        const fence = fenceOf(await acquire('editor', TAB_A));
        const before = await seqOf();
        expect(await write('editor', TAB_A, { fence: fence - 1, n: 1, gain: 1 })).toBeNull();
        expect(await write('editor', TAB_A, { fence: fence + 1, n: 1, gain: 1 })).toBeNull();
        expect(await write('editor', TAB_B, { fence, n: 1, gain: 1 })).toBeNull();
        expect(await write('owner', TAB_A, { fence, n: 1, gain: 1 })).toBeNull();
        expect(await seqOf()).toBe(before);
        expect((await slotOf(plugin))?.params.gain).toBe(0);
      });
    });

    describe('the log', () => {
      it('comes in order, in pieces, and says where it does not reach', async () => {
        const before = await seqOf();
        for (let i = 0; i < 4; i++) await perform('owner', TAB_A, bypass(plugin, i % 2 === 0));
        const all = await f.authority.operations(f.projectId, before, 100);
        expect(all?.map(({ seq }) => seq)).toEqual([1, 2, 3, 4].map((i) => before + i));
        expect(await f.authority.operations(f.projectId, before, 2)).toEqual(all?.slice(0, 2));
        expect(await f.authority.operations(f.projectId, before + 4, 10)).toEqual([]);
        expect(await f.authority.operations(f.projectId, before + 5, 10)).toBeNull();
        expect(await f.authority.operations(f.projectId, before + 3, 10)).toEqual(all?.slice(3));
      });
    });

    describe('a structural edit', () => {
      it('is done once per id', async () => {
        const before = await seqOf();
        const request = bypass(plugin);
        expect(await perform('editor', TAB_A, request)).toEqual({ seq: before + 1, dup: false });
        expect(await perform('editor', TAB_A, request)).toEqual({ seq: before + 1, dup: true });
        const both = { ...bypass(plugin, false) };
        const answers = await Promise.all([1, 2].map(() => perform('editor', TAB_A, both)));
        expect(answers).toContainEqual({ seq: before + 2, dup: false });
        expect(answers).toContainEqual({ seq: before + 2, dup: true });
        expect(await seqOf()).toBe(before + 2);
        expect(
          await perform('editor', TAB_A, {
            opId: request.opId,
            kind: 'plugin.remove',
            payload: { pluginId: plugin },
          }),
        ).toMatchObject({ refusal: { code: 'idempotency_key_reused' } });
      });

      it('of every kind is in the log as what it did', async () => {
        const before = await seqOf();
        const [trackId, newPlugin] = [crypto.randomUUID(), crypto.randomUUID()];
        const requests: OperationRequest[] = [
          { opId: crypto.randomUUID(), kind: 'project.update', payload: { tempo: 98.5 } },
          { opId: crypto.randomUUID(), kind: 'track.add', payload: { id: trackId, name: 'Keys' } },
          { opId: crypto.randomUUID(), kind: 'track.update', payload: { trackId, position: 0 } },
          {
            opId: crypto.randomUUID(),
            kind: 'plugin.add',
            payload: { id: newPlugin, trackId, catalogId: 'test.gain', params: { gain: 3 } },
          },
          {
            opId: crypto.randomUUID(),
            kind: 'plugin.move',
            payload: { pluginId: plugin, trackId, position: 0 },
          },
          { opId: crypto.randomUUID(), kind: 'plugin.remove', payload: { pluginId: newPlugin } },
          { opId: crypto.randomUUID(), kind: 'track.remove', payload: { trackId } },
        ];
        for (const request of requests) {
          expect(await perform('editor', TAB_A, request)).toMatchObject({ dup: false });
        }
        const log = await f.authority.operations(f.projectId, before, 100);
        expect(log?.map(({ kind, opId }) => [kind, opId])).toEqual(
          requests.map(({ kind, opId }) => [kind, opId]),
        );
        const [a, b] = f.trackIds;
        expect(log?.map(({ payload }) => payload)).toMatchObject([
          { patch: { tempo: 98.5 } },
          { track: { id: trackId, name: 'Keys', position: 2 }, order: [a, b, trackId] },
          { trackId, order: [trackId, a, b] },
          {
            plugin: { id: newPlugin, trackId, params: { gain: 3, mode: 0 }, hasState: false },
            chains: [{ trackId, pluginIds: [newPlugin] }],
          },
          { pluginId: plugin, trackId, position: 0 },
          { pluginId: newPlugin, chains: [{ trackId, pluginIds: [plugin] }] },
          { trackId, order: [a, b] },
        ]);
        const snapshot = await f.authority.snapshot(f.identities.owner, f.projectId);
        expect(snapshot?.tracks.map(({ id }) => id)).toEqual([a, b]);
        expect(snapshot?.plugins.map(({ id }) => id).sort()).toEqual(
          [f.pluginIds[1], f.pluginIds[2]].sort(),
        );
      });

      it('is refused as over HTTP', async () => {
        const before = await seqOf();
        const cases: [Who, OperationRequest, string][] = [
          ['client', bypass(plugin), 'forbidden'],
          ['admin', bypass(plugin), 'forbidden'],
          ['stranger', bypass(plugin), 'not_found'],
          ['owner', bypass(crypto.randomUUID()), 'not_found'],
          [
            'owner',
            {
              opId: crypto.randomUUID(),
              kind: 'plugin.update',
              payload: { pluginId: plugin, params: { gain: 25 } },
            },
            'parameter_out_of_range',
          ],
          [
            'owner',
            {
              opId: crypto.randomUUID(),
              kind: 'plugin.add',
              payload: {
                id: crypto.randomUUID(),
                trackId: f.trackIds[0],
                catalogId: 'no.such',
              },
            },
            'unknown_plugin',
          ],
        ];
        for (const [who, request, code] of cases) {
          expect(await perform(who, TAB_A, request)).toMatchObject({ refusal: { code } });
        }
        expect(await seqOf()).toBe(before);
      });

      it('respects who holds the plugin, by session', async () => {
        const fence = fenceOf(await acquire('editor', TAB_A));
        for (const [who, session] of [
          ['owner', TAB_B],
          ['editor', TAB_B],
          ['owner', TAB_A],
        ] as const) {
          expect(await perform(who, session, bypass(plugin))).toMatchObject({
            refusal: { code: 'plugin_locked' },
          });
        }
        expect(await perform('editor', TAB_A, bypass(plugin), { fence })).toMatchObject({
          dup: false,
        });
        expect(await perform('editor', TAB_A, bypass(plugin), { fence: fence - 1 })).toMatchObject({
          refusal: { code: 'stale_fence' },
        });
        expect(
          await perform('owner', TAB_B, {
            opId: crypto.randomUUID(),
            kind: 'track.remove',
            payload: { trackId: f.trackIds[0] },
          }),
        ).toMatchObject({ refusal: { code: 'plugin_locked' } });
      });
    });

    it('keeps holder, fence and log exact under any order of acts', async () => {
      const act = fc.record({
        kind: fc.constantFrom('acquire', 'force', 'release', 'write', 'stale', 'edit'),
        by: fc.constantFrom(
          ['owner', TAB_A] as const,
          ['editor', TAB_B] as const,
          ['editor', TAB_C] as const,
        ),
        at: fc.constantFrom(0, 1, 2),
        gain: fc.integer({ min: -24, max: 24 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
          await f.close();
          f = await makeFixture();
          let seq = await seqOf();
          const fences = [0, 0, 0];
          const holders: (readonly [Who, string] | null)[] = [null, null, null];
          const gains = [0, 0, 0];
          let n = 0;
          for (const { kind, by, at, gain } of acts) {
            const [who, session] = by;
            const pluginId = f.pluginIds[at] as string;
            const holder = holders[at];
            const fence = fences[at] as number;
            const mine = holder === by;
            if (kind === 'acquire' || kind === 'force') {
              const force = kind === 'force';
              const answer = await acquire(who, session, { pluginId, force });
              if (force && who !== 'owner') {
                expect(answer).toMatchObject({ refusal: { code: 'forbidden' } });
              } else if (holder && !mine && !force) {
                expect(answer).toMatchObject({ ok: false, session: holder[1], fence });
              } else {
                fences[at] = fenceOf(answer);
                if (mine) expect(fences[at]).toBe(fence);
                else expect(fences[at]).toBeGreaterThan(fence);
                holders[at] = by;
              }
            } else if (kind === 'release') {
              expect(await f.authority.release({ pluginId, session, fence })).toBe(mine);
              if (mine) holders[at] = null;
            } else if (kind === 'edit') {
              const answer = await perform(who, session, bypass(pluginId));
              if (holder && !mine) {
                expect(answer).toMatchObject({ refusal: { code: 'plugin_locked' } });
              } else {
                seq++;
                expect(answer).toEqual({ seq, dup: false });
              }
            } else {
              n++;
              const under = kind === 'stale' ? fence - 1 : fence;
              const answer = await write(who, session, { pluginId, fence: under, n, gain });
              if (mine && kind === 'write') {
                seq++;
                gains[at] = gain;
                expect(answer).toBe(seq);
              } else {
                expect(answer).toBeNull();
              }
            }
          }
          expect(await seqOf()).toBe(seq);
          for (const [at, pluginId] of f.pluginIds.entries()) {
            expect((await slotOf(pluginId))?.params.gain).toBe(gains[at]);
          }
        }),
        { numRuns: 6 },
      );
    });
  });
}
