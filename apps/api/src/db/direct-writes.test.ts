import { asUser } from '@mixdown/database';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../testing/caller.ts';
import { insertTestAsset } from '../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

// Supabase lets people write to tables directly, with their own rights: past the API, its schemas and its rules.
let server: TestServer;
let pro: Caller;
let admin: Caller;
const ids = { project: '', track: '', asset: '', plugin: '', clip: '' };
beforeAll(async () => {
  server = await createTestServer();
  [pro, admin] = [await server.signUp(), await server.signUp('admin')];
  ids.project = await pro.createProject();
  ids.track = await pro.addTrack(ids.project);
  ids.asset = await insertTestAsset(server, { projectId: ids.project, frames: 48_000 });
  ids.plugin = await pro.addPlugin(ids.project, ids.track);
  const body = { trackId: ids.track, assetId: ids.asset, startFrame: 0 };
  ids.clip = (await pro.post(`/projects/${ids.project}/clips`, body)).json().clip.id;
});
afterAll(() => server.close());

const write = (statement: string) => {
  const filled = statement.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof ids) => ids[name]);
  const claims = { sub: pro.userId, app_metadata: { daw_role: 'pro' } };
  return asUser(server.db.pool, claims, (tx) => sql.raw(filled).execute(tx));
};
const readers = () =>
  Promise.all([
    pro.get('/projects'),
    pro.get(`/projects/${ids.project}`),
    pro.get(`/projects/${ids.project}/members`),
    pro.get(`/projects/${ids.project}/exports`),
    pro.get('/exports'),
    admin.get('/admin/exports'),
  ]);

const params = (json: string) =>
  `update daw_plugins set params = '${json}' where id = '{plugin}' returning 1`;
const BAD: readonly (readonly [string, string])[] = [
  ['values that are words', params('{"gain": "loud"}')],
  ['values that are lists', params('{"gain": [1]}')],
  ['values that are nothing', params('{"gain": null}')],
  ['values beyond every number', params('{"gain": 1e400}')],
  ['parameters without end', params(`{"${'x'.repeat(65)}": 1}`)],
  ['a version without an end', `update daw_plugins set version = repeat('x', 9999)`],
  ['a frame beyond 2^53', `update daw_clips set start_frame = 9007199254740993`],
  ['a length beyond 2^53', `update daw_clips set length_frames = 9223372036854775807`],
  [
    'audio longer than time',
    `insert into daw_assets (project_id, name, channels, sample_rate, frames, source_format,
      source_sample_rate, bytes, sha256) values ('{project}', 'x', 1, 48000, 9223372036854775807, 'wav', 48000, 1, 'x')`,
  ],
  ['a tempo that is no number', `update daw_projects set tempo = 'NaN'`],
  ['a level that is no number', `update daw_tracks set gain_db = 'NaN'`],
  ['a mix that is no number', `update daw_plugins set mix = 'NaN'`],
];
it.each(BAD)('%s is refused by the database itself', async (_, statement) => {
  await expect(write(statement)).rejects.toMatchObject({ code: '23514' });
});

const ODD: readonly (readonly [string, string])[] = [
  ['a name of control characters', String.raw`update daw_projects set name = E'\x01\n'`],
  ['a name of nothing to see', `update daw_tracks set name = '  '`],
  ['a name of 120 characters of four bytes', `update daw_tracks set name = repeat('🎹', 120)`],
  ['state that is no base64', `update daw_plugins set state = '<script>'`],
  [
    'a plugin that nobody knows',
    `update daw_plugins set version = '../..', params = '{"x": 1e300}'`,
  ],
  [
    'ids of no version',
    `insert into daw_tracks (id, project_id, name, position)
      values ('11111111-1111-0000-0000-111111111111', '{project}', 'x', 1)`,
  ],
  [
    'an export with options of its own',
    `select daw_request_export('{project}', 'a-key-of-my-own-0001', 'f', '{"evil": [1]}', '{"x": 1}')`,
  ],
  [
    'an export with options of other types',
    `select daw_request_export('{project}', 'a-key-of-my-own-0002', 'f',
      '{"format": "wav", "range": {"kind": 7}, "tail": {}}', '{}')`,
  ],
];
it.each(ODD)('%s can be read by everybody', async (_, statement) => {
  await write(statement);
  const answers = await readers();
  expect(answers.map((a) => [a.statusCode, a.statusCode === 200 ? '' : a.body])).toEqual(
    answers.map(() => [200, '']),
  );
  const { exports: listed } = answers[3]?.json() ?? {};
  for (const { id } of listed) expect((await pro.get(`/exports/${id}`)).statusCode).toBe(200);
  expect(server.errors).toEqual([]);
});
