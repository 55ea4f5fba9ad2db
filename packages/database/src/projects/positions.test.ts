import fc from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asUser, kyselyOf, type Work } from '../as-role.ts';
import { createScene, type Scene } from '../testing/scene.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import type { Database } from '../types.ts';

let db: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  scene = await createScene(db.pool);
});
afterAll(() => db.drop());

const edit = <T>(work: Work<T>) => asUser(db.pool, scene.owner.claims, work);
const plugin = (position: number) => ({
  project_id: scene.projectId,
  track_id: scene.trackId,
  position,
  catalog_id: 'mixdown.eq',
  version: '1',
  integrity: 'x',
});
const chain = () =>
  kyselyOf(db.pool)
    .selectFrom('daw_plugins')
    .select(['id', 'position'])
    .where('track_id', '=', scene.trackId)
    .orderBy('position')
    .execute();

describe('a chain', () => {
  it('passes through any order inside of a transaction', async () => {
    const [a, b] = scene.pluginIds;
    await edit(async (trx) => {
      await trx.updateTable('daw_plugins').set({ position: 1 }).where('id', '=', a).execute();
      await trx.updateTable('daw_plugins').set({ position: 0 }).where('id', '=', b).execute();
    });
    expect(await chain()).toEqual([
      { id: b, position: 0 },
      { id: a, position: 1 },
    ]);
  });

  it.each([
    [
      'two in one place',
      (trx: Transaction<Database>) => trx.insertInto('daw_plugins').values(plugin(1)).execute(),
      'daw_plugins_order',
    ],
    [
      'a gap behind',
      (trx: Transaction<Database>) => trx.insertInto('daw_plugins').values(plugin(3)).execute(),
      'have a gap',
    ],
    [
      'a gap in front',
      (trx: Transaction<Database>) =>
        trx.deleteFrom('daw_plugins').where('position', '=', 0).execute(),
      'have a gap',
    ],
  ] satisfies [string, Work<unknown>, string][])(
    'does not end with %s',
    async (_, work, message) => {
      await expect(edit<unknown>(work)).rejects.toThrow(message);
      expect(await chain()).toHaveLength(2);
    },
  );

  it('has at most 16 plugins', async () => {
    await edit(async (trx) => {
      for (let n = 2; n < 16; n++) await trx.insertInto('daw_plugins').values(plugin(n)).execute();
    });
    await expect(
      edit((trx) => trx.insertInto('daw_plugins').values(plugin(16)).execute()),
    ).rejects.toThrow('daw_plugins_position_range');
  });

  it('stays whole when a plugin moves to another track, or that track goes', async () => {
    const track = await edit((trx) =>
      trx
        .insertInto('daw_tracks')
        .values({ project_id: scene.projectId, name: 'Lead', position: 1 })
        .returning('id')
        .executeTakeFirstOrThrow(),
    );
    const [a, b] = scene.pluginIds;
    const move = (trx: Transaction<Database>) =>
      trx
        .updateTable('daw_plugins')
        .set({ track_id: track.id, position: 0 })
        .where('id', '=', a)
        .execute();
    await expect(edit(move)).rejects.toThrow(`the chain of track ${scene.trackId} have a gap`);
    await edit(async (trx) => {
      await move(trx);
      await trx.updateTable('daw_plugins').set({ position: 0 }).where('id', '=', b).execute();
    });
    await edit((trx) => trx.deleteFrom('daw_tracks').where('id', '=', track.id).execute());
    expect(await chain()).toEqual([{ id: b, position: 0 }]);
  });

  it('cannot take a plugin to a track of another project', async () => {
    const other = await createScene(db.pool, scene.owner);
    await expect(
      edit((trx) =>
        trx
          .updateTable('daw_plugins')
          .set({ track_id: other.trackId, position: 2 })
          .where('id', '=', scene.pluginIds[1])
          .execute(),
      ),
    ).rejects.toThrow('daw_plugins_track');
  });

  it('is 0, 1, 2, … after whatever was committed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('insert', 'delete', 'move'), fc.nat(4), fc.nat(4)), {
          maxLength: 5,
        }),
        async (edits) => {
          await edit(async (trx) => {
            for (const [kind, at, to] of edits) {
              const here = trx
                .selectFrom('daw_plugins')
                .select('id')
                .where('track_id', '=', scene.trackId)
                .where('position', '=', at)
                .limit(1);
              if (kind === 'insert')
                await trx.insertInto('daw_plugins').values(plugin(at)).execute();
              if (kind === 'delete')
                await trx.deleteFrom('daw_plugins').where('id', 'in', here).execute();
              if (kind === 'move')
                await trx
                  .updateTable('daw_plugins')
                  .set({ position: to })
                  .where('id', 'in', here)
                  .execute();
            }
          }).catch((error: Error) => expect(error.message).toMatch(/have a gap|daw_plugins_order/));
          const positions = (await chain()).map(({ position }) => position);
          expect(positions).toEqual(positions.map((_, n) => n));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('tracks', () => {
  it('count 0, 1, 2, … too', async () => {
    const add = (position: number) =>
      edit((trx) =>
        trx
          .insertInto('daw_tracks')
          .values({ project_id: scene.projectId, name: 'T', position })
          .execute(),
      );
    await expect(add(2)).rejects.toThrow(
      `the positions of the tracks of project ${scene.projectId} have a gap`,
    );
    await expect(add(0)).rejects.toThrow('daw_tracks_order');
    await add(1);
    await edit(async (trx) => {
      await trx.deleteFrom('daw_tracks').where('id', '=', scene.trackId).execute();
      await sql`update daw_tracks set position = position - 1 where project_id = ${scene.projectId}`.execute(
        trx,
      );
    });
  });
});
