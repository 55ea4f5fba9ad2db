import { randomUUID } from 'node:crypto';
import { encodeWavHeader } from '@mixdown/dsp';
import type { Cluster } from './cluster.ts';

/** An account with a project of one short track and one effect. */
export interface Person {
  readonly projectId: string;
  readonly token: string;
}

/** Asks until there is an answer that is not an outage: nodes die under these requests. */
export async function ask(
  cluster: Cluster,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  for (let tries = 0; tries < 2_000; tries++) {
    try {
      const answer = await fetch(`${cluster.url()}${path}`, init);
      const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
      if (answer.status < 500) return { status: answer.status, body, headers: answer.headers };
    } catch {
      // Nobody listens there any more: another node will.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${path}: no node answers`);
}

const json = (body: unknown, token?: string): RequestInit => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
  },
  body: JSON.stringify(body),
});

function expectOk(what: string, answer: { status: number; body: unknown }): void {
  if (answer.status >= 400)
    throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** A falling tone, 16 bit, stereo. */
function tone(seconds: number): Uint8Array<ArrayBuffer> {
  const frames = 48_000 * seconds;
  const header = encodeWavHeader({ sampleRate: 48_000, channels: 2, bitDepth: 16, frames });
  const samples = new Int16Array(frames * 2);
  for (let i = 0; i < frames; i++) {
    const value = Math.round(12_000 * Math.sin((i * i) / 90_000) * (1 - i / frames));
    samples[2 * i] = value;
    samples[2 * i + 1] = -value;
  }
  const file = new Uint8Array(header.byteLength + samples.byteLength);
  file.set(header);
  file.set(new Uint8Array(samples.buffer), header.byteLength);
  return file;
}

/** With a project of so many seconds. */
export async function createPerson(cluster: Cluster, seconds = 1): Promise<Person> {
  const credentials = { email: `${randomUUID()}@chaos.test`, password: 'a long enough password' };
  const session = await ask(cluster, '/auth/v1/signup', json(credentials));
  expectOk('sign up', session);
  const token = String(session.body.access_token);
  const daw = '/api/v1/daw';
  const project = await ask(cluster, `${daw}/projects`, json({ name: 'Storm' }, token));
  expectOk('project', project);
  const projectId = String(project.body.id);
  const track = await ask(
    cluster,
    `${daw}/projects/${projectId}/tracks`,
    json({ name: 'Tone' }, token),
  );
  expectOk('track', track);
  const trackId = (track.body.track as { id: string }).id;
  const form = new FormData();
  form.set('file', new Blob([tone(seconds)], { type: 'audio/wav' }), 'tone.wav');
  const asset = await ask(cluster, `${daw}/projects/${projectId}/assets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  expectOk('asset', asset);
  const assetId = String(asset.body.id ?? (asset.body.asset as { id?: string })?.id);
  expectOk(
    'clip',
    await ask(
      cluster,
      `${daw}/projects/${projectId}/clips`,
      json({ trackId, assetId, startFrame: 0 }, token),
    ),
  );
  expectOk(
    'plugin',
    await ask(
      cluster,
      `${daw}/projects/${projectId}/plugins`,
      json({ trackId, catalogId: 'mixdown.saturator' }, token),
    ),
  );
  return { projectId, token };
}

export interface Accepted {
  readonly id: string;
  readonly key: string;
}

/** Requests one export as a careful client does: the same key until it is answered, and `copies` requests at once. */
export async function requestExport(
  cluster: Cluster,
  { projectId, token }: Person,
  copies: number,
  options: object = { format: 'wav', bitDepth: 16, tail: 'none' },
): Promise<Accepted> {
  const key = randomUUID();
  const request = async (): Promise<string> => {
    for (let tries = 0; tries < 20_000; tries++) {
      const answer = await ask(cluster, `/api/v1/daw/projects/${projectId}/export`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(options),
      });
      if (answer.status === 202) return String(answer.body.id);
      if (answer.status !== 429 && answer.status !== 409) expectOk('export', answer);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('never accepted');
  };
  const ids = await Promise.all(Array.from({ length: copies }, request));
  if (new Set(ids).size !== 1) throw new Error(`one key made ${new Set(ids).size} exports`);
  return { id: ids[0] as string, key };
}
