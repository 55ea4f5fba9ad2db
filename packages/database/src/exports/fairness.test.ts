import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Claimed,
  claim,
  createScene,
  requestExport,
  type Scene,
  service,
} from '../testing/scene.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await service(db.pool, sql`set_setting('export_queued_per_user', '1000')`);
});
afterAll(() => db.drop());

const CROWD = 8;
const EACH = 40;
const SLOTS = 4;
const PER_USER = 2;

const ask = async ({ owner, projectId }: Scene) =>
  (await requestExport(db.pool, owner.claims, projectId)).id;
const finish = ({ id, lease_token }: Claimed) =>
  service(db.pool, sql`fail_export(${id}, ${lease_token}, 'poison', 'x', false)`);

describe('a newcomer behind 320 exports of eight others', () => {
  it('starts within as many starts as there are slots, and nobody is forgotten', async () => {
    const crowd: Scene[] = [];
    for (let n = 0; n < CROWD; n++) crowd.push(await createScene(db.pool));
    for (let n = 0; n < EACH; n++) await Promise.all(crowd.map(ask));
    const newcomer = await createScene(db.pool);
    const starts: Claimed[] = [];
    const running: Claimed[] = [];
    let asked: string | undefined;
    let startedBefore = 0;
    for (;;) {
      const claimed = await claim(db.pool, { slots: SLOTS, perUser: PER_USER });
      if (claimed) {
        starts.push(claimed);
        running.push(claimed);
        const ofOne = running.filter((r) => r.requested_by === claimed.requested_by).length;
        expect([running.length <= SLOTS, ofOne <= PER_USER]).toEqual([true, true]);
        continue;
      }
      if (running.length === 0) break;
      // Comes when everything has long been busy.
      if (starts.length >= 100 && !asked) {
        asked = await ask(newcomer);
        startedBefore = starts.length;
      }
      await finish(running.shift() as Claimed);
    }
    const place = starts.findIndex(({ id }) => id === asked) - startedBefore;
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThan(SLOTS);
    expect(starts).toHaveLength(CROWD * EACH + 1);
    expect(new Set(starts.map(({ id }) => id)).size).toBe(CROWD * EACH + 1);
    // The crowd, too, takes turns: at no time is anybody more than their turn ahead of anybody else.
    const served = new Map<string, number>();
    for (const { requested_by } of starts.slice(0, CROWD * EACH - CROWD)) {
      if (requested_by === newcomer.owner.id) continue;
      served.set(requested_by, (served.get(requested_by) ?? 0) + 1);
      const counts = [...served.values()];
      if (served.size === CROWD) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(3);
    }
  });
});
