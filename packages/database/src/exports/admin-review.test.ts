import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asService, asUser, kyselyOf } from '../as-role.ts';
import {
  type Claimed,
  call,
  claim,
  createScene,
  requestExport,
  type Scene,
  service,
} from '../testing/scene.ts';
import {
  createTestDatabase,
  createTestUser,
  type TestDatabase,
  type TestUser,
} from '../testing.ts';

interface Answer {
  readonly status?: string;
  readonly reviewedBy?: string | null;
  readonly quarantined?: boolean;
  readonly suspended?: boolean;
  readonly refusal?: { code: string };
}

let db: TestDatabase;
let scene: Scene;
let admin: TestUser;
let id: string;
beforeAll(async () => {
  db = await createTestDatabase();
  admin = await createTestUser(db.pool, 'admin');
});
beforeEach(async () => {
  await kyselyOf(db.pool).deleteFrom('daw_projects').execute();
  await db.pool.query('delete from private.orphaned_objects');
  scene = await createScene(db.pool);
  id = (await requestExport(db.pool, scene.owner.claims, scene.projectId)).id as string;
});
afterAll(() => db.drop());

const review = (action: string, reason: string | null = 'looks like a leak', user = admin) =>
  call<Answer>(db.pool, user.claims, sql`admin_review_export(${id}, ${action}, ${reason})`);
const audit = async () =>
  (
    await asUser(db.pool, admin.claims, (trx) =>
      trx
        .selectFrom('daw_admin_audit')
        .select(['admin_id', 'action', 'reason', 'user_id', 'export_id'])
        .where((eb) => eb.or([eb('export_id', '=', id), eb('user_id', '=', scene.owner.id)]))
        .orderBy('id')
        .execute(),
    )
  ).map((row) => `${row.action} ${row.reason}`);
const download = () =>
  call<{ objectKey?: string; refusal?: { code: string } }>(
    db.pool,
    scene.owner.claims,
    sql`daw_export_download(${id})`,
  );
async function complete(): Promise<void> {
  const { lease_token } = (await claim(db.pool)) as Claimed;
  for (const to of ['encoding', 'uploading'])
    await service(db.pool, sql`advance_export(${id}, ${lease_token}, ${to})`);
  await service(
    db.pool,
    sql`complete_export(${id}, ${lease_token}, '{"fileName": "a.wav", "bytes": 900, "durationSeconds": 2.5}', ${`exports/${scene.projectId}/${id}/1.wav`})`,
  );
}

describe('admin_review_export', () => {
  it('claims, quarantines and releases, each with a reason on record', async () => {
    await complete();
    expect(await review('claim')).toMatchObject({ reviewedBy: admin.id, quarantined: false });
    expect(await review('quarantine', ' rights unclear ')).toMatchObject({
      quarantined: true,
      status: 'completed',
    });
    expect((await download()).refusal?.code).toBe('forbidden');
    expect(await review('release', 'cleared by the label')).toMatchObject({
      quarantined: false,
      reviewedBy: null,
    });
    expect((await download()).objectKey).toBe(`exports/${scene.projectId}/${id}/1.wav`);
    expect(await audit()).toEqual([
      'export.claim looks like a leak',
      'export.quarantine rights unclear',
      'export.release cleared by the label',
    ]);
  });

  it('revokes a finished export and has its file deleted; what waits or runs is canceled', async () => {
    expect((await review('revoke')).status).toBe('canceled');
    expect((await review('revoke')).refusal?.code).toBe('illegal_transition');
    id = (await requestExport(db.pool, scene.owner.claims, scene.projectId)).id as string;
    const { lease_token } = (await claim(db.pool)) as Claimed;
    expect((await review('revoke')).status).toBe('rendering');
    expect(await service(db.pool, sql`heartbeat_export(${id}, ${lease_token}, 30, null)`)).toEqual({
      ok: true,
      cancelRequested: true,
    });
    id = (await requestExport(db.pool, scene.owner.claims, scene.projectId)).id as string;
    await complete();
    expect((await review('revoke')).status).toBe('revoked');
    expect((await download()).refusal?.code).toBe('export_expired');
    const { rows } = await db.pool.query('select key, is_prefix from private.orphaned_objects');
    expect(rows).toEqual([{ key: `exports/${scene.projectId}/${id}/`, is_prefix: true }]);
    const last = await kyselyOf(db.pool)
      .selectFrom('daw_export_events')
      .select(['to_status', 'actor', 'reason'])
      .where('export_id', '=', id)
      .orderBy('id', 'desc')
      .executeTakeFirst();
    expect(last).toEqual({
      to_status: 'revoked',
      actor: `admin:${admin.id}`,
      reason: 'looks like a leak',
    });
  });

  it('needs an admin, a reason and an export; otherwise nothing happens and nothing is on record', async () => {
    for (const user of [
      scene.owner,
      await createTestUser(db.pool, 'client'),
      await createTestUser(db.pool, 'guest'),
    ]) {
      expect((await review('revoke', 'because', user)).refusal?.code).toBe('forbidden');
    }
    for (const reason of [null, '', '  ', 'no', 'x'.repeat(1001)]) {
      expect((await review('revoke', reason)).refusal?.code).toBe('validation_failed');
    }
    await expect(review('destroy')).rejects.toThrow('there is no action destroy');
    expect(await audit()).toEqual([]);
    expect(
      (await kyselyOf(db.pool).selectFrom('daw_exports').select('status').executeTakeFirst())
        ?.status,
    ).toBe('queued');
    id = scene.projectId;
    expect((await review('revoke')).refusal?.code).toBe('not_found');
  });
});

describe('suspension', () => {
  const act = (name: 'suspend' | 'reinstate', reason = 'resells our library') =>
    call<Answer>(
      db.pool,
      admin.claims,
      name === 'suspend'
        ? sql`admin_suspend_user(${scene.owner.id}, ${reason})`
        : sql`admin_reinstate_user(${scene.owner.id}, ${reason})`,
    );

  it('cancels what waits, stops what runs and refuses what comes, until it is lifted', async () => {
    const running = (await claim(db.pool)) as Claimed;
    const waiting = (await requestExport(db.pool, scene.owner.claims, scene.projectId))
      .id as string;
    expect(await act('suspend')).toMatchObject({ suspended: true });
    expect((await requestExport(db.pool, scene.owner.claims, scene.projectId)).refusal?.code).toBe(
      'forbidden',
    );
    const rows = await kyselyOf(db.pool)
      .selectFrom('daw_exports')
      .select(['id', 'status', 'cancel_requested'])
      .execute();
    expect(rows).toEqual(
      expect.arrayContaining([
        { id: running.id, status: 'rendering', cancel_requested: true },
        { id: waiting, status: 'canceled', cancel_requested: true },
      ]),
    );
    expect(
      (await call<Answer>(db.pool, scene.owner.claims, sql`retry_export(${waiting})`)).refusal
        ?.code,
    ).toBe('forbidden');
    expect(await act('reinstate', 'was a mistake')).toMatchObject({ suspended: false });
    expect((await requestExport(db.pool, scene.owner.claims, scene.projectId)).id).toBeDefined();
    expect(await audit()).toEqual([
      'user.suspend resells our library',
      'user.reinstate was a mistake',
    ]);
  });

  it('is an admin’s alone, with a reason, of an account that exists', async () => {
    expect((await act('suspend', '')).refusal?.code).toBe('validation_failed');
    const byOwner = await call<Answer>(
      db.pool,
      scene.owner.claims,
      sql`admin_suspend_user(${admin.id}, 'revenge')`,
    );
    expect(byOwner.refusal?.code).toBe('forbidden');
    const nobody = await call<Answer>(
      db.pool,
      admin.claims,
      sql`admin_suspend_user(gen_random_uuid(), 'whoever')`,
    );
    expect(nobody.refusal?.code).toBe('not_found');
    expect((await requestExport(db.pool, scene.owner.claims, scene.projectId)).id).toBeDefined();
  });
});

describe('the overview', () => {
  it('shows admins who exports what and how much, and others nothing', async () => {
    await complete();
    const overview = async (user: TestUser) =>
      (
        await asUser(db.pool, user.claims, (trx) =>
          sql<
            Record<string, unknown>
          >`select * from admin_list_exports(p_user => ${scene.owner.id})`.execute(trx),
        )
      ).rows;
    expect(await overview(admin)).toMatchObject([
      {
        id,
        project_name: 'Song',
        email: scene.owner.claims.email,
        status: 'completed',
        bytes: 900,
        duration_seconds: 2.5,
        suspended: false,
        exports_last_day: 1,
      },
    ]);
    expect(await overview(scene.owner)).toEqual([]);
  });
});

describe('the audit trail', () => {
  it('is rewritten by nobody, not even by the owner of the database', async () => {
    await review('claim');
    for (const statement of [
      "update daw_admin_audit set reason = 'none'",
      'delete from daw_admin_audit',
      'truncate daw_admin_audit',
      "update daw_export_events set reason = 'none'",
    ]) {
      await expect(db.pool.query(statement)).rejects.toThrow('is only ever added to');
      await expect(asService(db.pool, (trx) => sql.raw(statement).execute(trx))).rejects.toThrow(
        'permission denied',
      );
    }
    expect(await audit()).toEqual(['export.claim looks like a leak']);
    await kyselyOf(db.pool).deleteFrom('daw_projects').execute();
    expect(await audit()).toEqual(['export.claim looks like a leak']);
  });
});
