import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { encode, music } from '@mixdown/codecs/testing';
import { Asset } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../testing/caller.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let pro: Caller;
let origin = '';
beforeAll(async () => {
  server = await createTestServer();
  pro = await server.signUp();
  origin = await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

function upload(
  projectId: string,
  body: BodyInit | Uint8Array,
  o: { name?: string; caller?: Caller } = {},
) {
  const form = new FormData();
  const blob = new Blob([body as Uint8Array<ArrayBuffer>]);
  form.append('file', blob, o.name ?? 'loop.wav');
  const token = (o.caller ?? pro).session?.access_token;
  return fetch(`${origin}/api/v1/daw/projects/${projectId}/assets`, {
    method: 'POST',
    body: form,
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
}
/** Most that is waited for another process or the disk. */
const PATIENCE = { timeout: 30_000 };

/** Files of objects and uploads in the data folder. */
async function kept() {
  const count = async (dir: string) => {
    const all = await readdir(path.join(server.dataDir, dir), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => []);
    return all.filter((entry) => entry.isFile()).length;
  };
  return { objects: await count('objects'), uploads: await count('uploads') };
}

describe('an upload', () => {
  it('becomes the same samples at the project’s rate', async () => {
    const projectId = await pro.createProject();
    const audio = music(12_345, 2);
    const file = await encode(audio, { format: 'wav', bitDepth: '32f' });
    const answer = await upload(projectId, file, { name: 'Größe 夜.wav' });
    expect(answer.status).toBe(201);
    const asset = Asset.parse(await answer.json());
    expect(asset).toMatchObject({
      name: 'Größe 夜',
      channels: 2,
      frames: 12_345,
      sampleRate: 48_000,
      sourceFormat: 'wav',
      bytes: 12_345 * 8,
    });
    const content = await pro.get(`/assets/${asset.id}/content`);
    const samples = new Float32Array(
      content.rawPayload.buffer.slice(
        content.rawPayload.byteOffset,
        content.rawPayload.byteOffset + asset.bytes,
      ),
    );
    expect(samples[2 * 1000]).toBe(audio[0]?.[1000]);
    expect(samples[2 * 1000 + 1]).toBe(audio[1]?.[1000]);
    const peaks = (await pro.get(`/assets/${asset.id}/peaks`)).json();
    expect(Buffer.from(peaks.peaks, 'base64')).toHaveLength(
      2 * Math.ceil(12_345 / peaks.framesPerPeak),
    );
    const snapshot = (await pro.get(`/projects/${projectId}`)).json();
    expect(snapshot.assets).toEqual([asset]);
    expect((await kept()).uploads).toBe(0);
  });

  it('of another rate is brought to the project’s', async () => {
    const answer = await pro.post('/projects', { name: 'x', sampleRate: 44_100 });
    const file = await encode(music(48_000, 1), { format: 'flac', bitDepth: 16 });
    const asset = await (await upload(answer.json().id, file, { name: 'a.flac' })).json();
    expect(asset).toMatchObject({ frames: 44_100, sampleRate: 44_100, sourceSampleRate: 48_000 });
    expect(asset).toMatchObject({ channels: 1, sourceFormat: 'flac' });
  });

  it.each([
    ['nothing', new Uint8Array(0), 'a.wav', 'asset_empty'],
    [
      'noise',
      Buffer.from('this is no audio at all, whatever it says'.repeat(50)),
      'a.bin',
      'asset_unsupported',
    ],
    [
      'a web page',
      Buffer.from('<!doctype html><script>alert(1)</script>'.repeat(50)),
      'a.wav',
      /^asset_/,
    ],
  ])('of %s is refused, and nothing stays behind', async (_, body, name, code) => {
    const projectId = await pro.createProject();
    const before = await kept();
    const answer = await upload(projectId, body, { name });
    const problem = await answer.json();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(problem.code).toMatch(code);
    expect(await kept()).toEqual(before);
    expect((await pro.get(`/projects/${projectId}`)).json().assets).toEqual([]);
  });

  it('that is cut off in its middle, or damaged there, leaves nothing behind', async () => {
    const projectId = await pro.createProject();
    const before = await kept();
    const file = Buffer.from(await encode(music(200_000, 2), { format: 'flac', bitDepth: 16 }));
    file.fill(0xff, file.length / 2, file.length / 2 + 20_000);
    const answer = await upload(projectId, file, { name: 'a.flac' });
    expect((await answer.json()).code).toBe('asset_corrupt');

    const cut = new AbortController();
    async function* endless() {
      yield Buffer.from(
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n',
      );
      for (let i = 0; i < 20; i++) yield Buffer.alloc(100_000);
      // In its middle: there has to be something that could stay behind.
      await expect.poll(kept, PATIENCE).not.toEqual(before);
      cut.abort();
      yield Buffer.alloc(100_000);
    }
    const torn = fetch(`${origin}/api/v1/daw/projects/${projectId}/assets`, {
      method: 'POST',
      body: Readable.toWeb(Readable.from(endless())),
      duplex: 'half',
      signal: cut.signal,
      headers: {
        authorization: `Bearer ${pro.session?.access_token}`,
        'content-type': 'multipart/form-data; boundary=b',
      },
    } as unknown as RequestInit);
    await expect(torn).rejects.toThrow();
    await expect.poll(kept, PATIENCE).toEqual(before);
  });

  it('goes back when its row cannot be written', async () => {
    const projectId = await pro.createProject();
    const before = await kept();
    await server.db.pool.query(
      `create function refuse_asset() returns trigger language plpgsql as
       $$ begin raise exception 'no' using errcode = '53300'; end $$;
       create trigger refuse before insert on daw_assets for each row execute function refuse_asset()`,
    );
    try {
      const answer = await upload(projectId, await encode(music(1000, 1), {}));
      expect((await answer.json()).code).toBe('unavailable');
    } finally {
      await server.db.pool.query('drop function refuse_asset cascade');
    }
    expect(await kept()).toEqual(before);
  });

  it('needs a form with a file, and somebody who may', async () => {
    const projectId = await pro.createProject();
    expect((await pro.post(`/projects/${projectId}/assets`, {})).json().code).toBe(
      'unsupported_media_type',
    );
    const form = new FormData();
    form.append('text', 'no file');
    const headers = { authorization: `Bearer ${pro.session?.access_token}` };
    const url = `${origin}/api/v1/daw/projects/${projectId}/assets`;
    const empty = await fetch(url, { method: 'POST', body: form, headers });
    expect((await empty.json()).code).toBe('validation_failed');
    const broken = await fetch(url, {
      method: 'POST',
      body: 'x',
      headers: { ...headers, 'content-type': 'multipart/form-data' },
    });
    expect(broken.status).toBeLessThan(500);
    const file = await encode(music(1000, 1), {});
    expect((await upload(projectId, file, { caller: server.anyone })).status).toBe(401);
    expect((await upload(projectId, file, { caller: await server.signUp() })).status).toBe(404);
    expect((await upload('not-an-id', file)).status).toBe(404);
    expect(await kept()).toMatchObject({ uploads: 0 });
  });

  it('larger than allowed is refused before it is read', async () => {
    const projectId = await pro.createProject();
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/v1/daw/projects/${projectId}/assets`,
      headers: {
        authorization: `Bearer ${pro.session?.access_token}`,
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': String(300 * 1024 * 1024),
      },
    });
    expect(answer.json()).toMatchObject({ status: 413, code: 'asset_too_large' });
  });
});

describe('audio', () => {
  let id = '';
  let projectId = '';
  const content = (headers: Record<string, string> = {}, caller = pro) =>
    caller.get(`/assets/${id}/content`, headers);
  beforeAll(async () => {
    projectId = await pro.createProject();
    const answer = await upload(projectId, await encode(music(1000, 1), {}));
    id = (await answer.json()).id;
  });

  it('is given whole, in parts, and not again', async () => {
    const whole = await content();
    expect(whole.statusCode).toBe(200);
    expect(whole.headers).toMatchObject({
      'content-length': '4000',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-type': 'application/octet-stream',
    });
    const part = await content({ range: 'bytes=400-799' });
    expect(part.statusCode).toBe(206);
    expect(part.headers['content-range']).toBe('bytes 400-799/4000');
    expect(part.rawPayload).toEqual(whole.rawPayload.subarray(400, 800));
    const etag = String(whole.headers.etag);
    expect((await content({ 'if-none-match': etag })).statusCode).toBe(304);
    expect((await content({ range: 'bytes=0-3', 'if-range': etag })).statusCode).toBe(206);
    expect((await content({ range: 'bytes=0-3', 'if-range': '"x"' })).statusCode).toBe(200);
    const beyond = await content({ range: 'bytes=4000-' });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, 'bytes */4000']);
    expect(beyond.json()).toMatchObject({ code: 'range_not_satisfiable', status: 416 });
  });

  it('is for the makers of its project alone', async () => {
    const [editor, client, stranger] = [
      await server.signUp(),
      await server.signUp('client'),
      await server.signUp(),
    ];
    await pro.put(`/projects/${projectId}/members/${editor.userId}`, { role: 'editor' });
    await pro.put(`/projects/${projectId}/members/${client.userId}`, { role: 'client' });
    expect((await content({}, editor)).statusCode).toBe(200);
    expect((await content({}, client)).statusCode).toBe(404);
    expect((await content({}, stranger)).statusCode).toBe(404);
    expect((await content({}, server.anyone)).statusCode).toBe(401);
    expect((await stranger.get(`/assets/${id}/peaks`)).statusCode).toBe(404);
  });

  it('becomes clips, which end where it ends', async () => {
    const trackId = await pro.addTrack(projectId);
    const url = `/projects/${projectId}/clips`;
    const body = {
      id: crypto.randomUUID(),
      trackId,
      assetId: id,
      startFrame: 100,
      offsetFrames: 200,
    };
    const made = await pro.post(url, body);
    expect([made.statusCode, made.json().clip.lengthFrames]).toEqual([201, 800]);
    expect((await pro.post(url, body)).statusCode).toBe(200);
    const clip = `${url}/${body.id}`;
    expect((await pro.patch(clip, { offsetFrames: 201 })).json().code).toBe('validation_failed');
    const trimmed = await pro.patch(clip, { offsetFrames: 201, lengthFrames: 799, gainDb: -3 });
    expect(trimmed.json().clip).toMatchObject({
      offsetFrames: 201,
      lengthFrames: 799,
      startFrame: 100,
    });
    const foreign = { ...body, id: crypto.randomUUID(), assetId: crypto.randomUUID() };
    expect((await pro.post(url, foreign)).json().code).toBe('asset_not_in_project');
    const elsewhere = await pro.createProject();
    const stolen = await pro.post(`/projects/${elsewhere}/clips`, {
      trackId: await pro.addTrack(elsewhere),
      assetId: id,
      startFrame: 0,
    });
    expect(stolen.json().code).toBe('asset_not_in_project');
    expect((await pro.delete(clip)).statusCode).toBe(204);
    expect((await pro.delete(clip)).statusCode).toBe(404);
  });

  it('whose object is gone is told as gone', async () => {
    await server.storage.delete(`assets/${id}/audio.f32`);
    await server.storage.delete(`assets/${id}/peaks.json`);
    expect((await content()).json().code).toBe('not_found');
    expect((await pro.get(`/assets/${id}/peaks`)).json().code).toBe('not_found');
  });
});
