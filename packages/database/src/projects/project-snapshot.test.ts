import { randomUUID } from 'node:crypto';
import { ProjectSnapshot } from '@mixdown/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asUser, kyselyOf } from '../as-role.ts';
import { call, createScene, type Scene, service } from '../testing/scene.ts';
import { createTestDatabase, createTestUser, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  scene = await createScene(db.pool);
});
afterAll(() => db.drop());

const read = () => sql`daw_project_snapshot(${scene.projectId})`;

describe('daw_project_snapshot', () => {
  it('is exactly the contract’s', async () => {
    const raw = await call(db.pool, scene.owner.claims, read());
    const snapshot = ProjectSnapshot.parse(raw);
    // Nothing that the contract does not know.
    expect(snapshot).toEqual(raw);
    expect(snapshot).toMatchObject({
      project: {
        id: scene.projectId,
        name: 'Song',
        ownerId: scene.owner.id,
        seq: 0,
        tempo: 97.5,
        sampleRate: 48_000,
        isDemo: false,
      },
      role: 'owner',
      tracks: [{ id: scene.trackId, name: 'Bass', position: 0, color: 'teal', gainDb: 0, pan: 0 }],
      clips: [
        {
          trackId: scene.trackId,
          assetId: scene.assetId,
          startFrame: 0,
          offsetFrames: 0,
          lengthFrames: 96_000,
        },
      ],
      assets: [
        { id: scene.assetId, frames: 96_000, sourceFormat: 'wav', sourceSampleRate: 44_100 },
      ],
      plugins: [
        {
          id: scene.pluginIds[0],
          position: 0,
          params: { time: 250.5 },
          state: null,
          bypassed: false,
          mix: 1,
          fence: 0,
        },
        { id: scene.pluginIds[1], position: 1 },
      ],
    });
    expect(snapshot.project.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('keeps numbers and opaque state to the last bit', async () => {
    const state = Buffer.from(Array.from({ length: 300 }, (_, n) => n % 256)).toString('base64');
    const params = { a: 0.1, b: 1 / 3, c: -1e-7, d: 2 ** 40 + 0.5, e: Math.fround(0.7) };
    await asUser(db.pool, scene.owner.claims, (trx) =>
      trx
        .updateTable('daw_plugins')
        .set({ params, state, mix: 1 / 3 })
        .where('id', '=', scene.pluginIds[0])
        .execute(),
    );
    const { plugins } = ProjectSnapshot.parse(await call(db.pool, scene.owner.claims, read()));
    expect(plugins[0]).toMatchObject({ params, state, mix: 1 / 3 });
  });

  it('is ordered, and complete without anything in it', async () => {
    const empty = randomUUID();
    await asUser(db.pool, scene.owner.claims, (trx) =>
      trx
        .insertInto('daw_projects')
        .values({ id: empty, owner_id: scene.owner.id, name: 'Empty' })
        .execute(),
    );
    const snapshot = ProjectSnapshot.parse(
      await call(db.pool, scene.owner.claims, sql`daw_project_snapshot(${empty})`),
    );
    expect(snapshot).toMatchObject({ tracks: [], clips: [], assets: [], plugins: [] });
  });

  it('says the role of whoever asks, and is null for strangers and for admins', async () => {
    const roleOf = async (account: 'pro' | 'client' | 'admin', role?: 'editor' | 'client') => {
      const user = await createTestUser(db.pool, account);
      if (role) {
        await kyselyOf(db.pool)
          .insertInto('daw_project_members')
          .values({ project_id: scene.projectId, user_id: user.id, role })
          .execute();
      }
      return (await call<{ role: string } | null>(db.pool, user.claims, read()))?.role;
    };
    expect(await roleOf('pro', 'editor')).toBe('editor');
    expect(await roleOf('client', 'client')).toBe('client');
    expect(await roleOf('pro')).toBeUndefined();
    expect(await roleOf('admin')).toBeUndefined();
    expect((await service<{ role: string }>(db.pool, read())).role).toBe('owner');
  });

  it('shows one moment: seq and rows of the same state while somebody edits', async () => {
    let editing = true;
    const editor = (async () => {
      for (let n = 1; n <= 20; n++) {
        await asUser(db.pool, scene.owner.claims, async (trx) => {
          await sql`select daw_append_operation(${scene.projectId}, ${randomUUID()}, 'project.rename', '{}')`.execute(
            trx,
          );
          await trx
            .updateTable('daw_projects')
            .set({ name: `Song ${n}` })
            .where('id', '=', scene.projectId)
            .execute();
          await trx
            .updateTable('daw_tracks')
            .set({ name: `Track ${n}` })
            .where('id', '=', scene.trackId)
            .execute();
        });
      }
      editing = false;
    })();
    let last = 0;
    while (editing) {
      const { project, tracks } = ProjectSnapshot.parse(
        await call(db.pool, scene.owner.claims, read()),
      );
      expect(project.seq).toBeGreaterThanOrEqual(last);
      last = project.seq;
      if (last > 0)
        expect([project.name, tracks[0]?.name]).toEqual([`Song ${last}`, `Track ${last}`]);
    }
    await editor;
    expect(ProjectSnapshot.parse(await call(db.pool, scene.owner.claims, read())).project.seq).toBe(
      20,
    );
  });
});
