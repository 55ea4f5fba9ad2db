import { refuse } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../testing/demo-snapshot.ts';
import type { Edit } from './edit.ts';
import { sendEdit } from './send-edit.ts';

const snapshot = demoSnapshot();
const [track] = snapshot.tracks as [(typeof snapshot.tracks)[0]];
const [clip] = snapshot.clips as [(typeof snapshot.clips)[0]];
const [slot] = snapshot.plugins as [(typeof snapshot.plugins)[0]];

async function requestsOf(edit: Edit, answer?: (method: string, path: string) => void) {
  const requests: [string, string, unknown][] = [];
  const wire = {
    send: async (method: string, path: string, body?: unknown) => {
      requests.push([method, path, body]);
      answer?.(method, path);
      return { data: undefined, status: 200, headers: new Headers() };
    },
    defaultMix: () => 0.3,
  };
  await sendEdit(wire, 'P', edit, { keepalive: false });
  return requests;
}

describe('sending edits', () => {
  it('adds a plugin with one request where it is as the server makes it', async () => {
    const added = { ...slot, mix: 0.3, position: 1 };
    expect(await requestsOf({ kind: 'plugin.add', slot: added })).toEqual([
      [
        'POST',
        '/projects/P/plugins',
        {
          id: slot.id,
          trackId: slot.trackId,
          catalogId: slot.catalogId,
          position: 1,
          params: slot.params,
        },
      ],
    ]);
  });

  it('brings a removed plugin back with its state, mix and bypass', async () => {
    const removed = { ...slot, mix: 1, bypassed: true, state: 'AAAA' };
    const requests = await requestsOf({ kind: 'plugin.add', slot: removed });
    expect(requests[1]).toEqual([
      'PUT',
      `/projects/P/plugins/${slot.id}`,
      { bypassed: true, mix: 1, state: 'AAAA' },
    ]);
  });

  it('brings a whole track back: the track, its level, its clips, its chain in order', async () => {
    const whole = { track: { ...track, gainDb: -3 }, clips: [clip], plugins: [slot, slot] };
    const requests = await requestsOf({ kind: 'track.add', whole });
    expect(requests.map(([method, path]) => `${method} ${path}`)).toEqual([
      'POST /projects/P/tracks',
      `PATCH /projects/P/tracks/${track.id}`,
      'POST /projects/P/clips',
      'POST /projects/P/plugins',
      `PUT /projects/P/plugins/${slot.id}`,
      'POST /projects/P/plugins',
      `PUT /projects/P/plugins/${slot.id}`,
    ]);
    expect(requests[3]?.[2]).toMatchObject({ position: 0 });
    expect(requests[5]?.[2]).toMatchObject({ position: 1 });
    expect(requests[2]?.[2]).not.toHaveProperty('projectId');
  });

  it('takes a removal of what is gone for done, and nothing else', async () => {
    const edit: Edit = { kind: 'clip.remove', clipId: clip.id };
    const gone = () => {
      throw refuse('not_found', 'gone');
    };
    const locked = () => {
      throw refuse('plugin_locked', 'Ana');
    };
    await expect(requestsOf(edit, gone)).resolves.toHaveLength(1);
    await expect(requestsOf(edit, locked)).rejects.toMatchObject({
      refusal: { code: 'plugin_locked' },
    });
    const set: Edit = { kind: 'clip.set', clipId: clip.id, patch: { startFrame: 1 } };
    await expect(requestsOf(set, gone)).rejects.toMatchObject({ refusal: { code: 'not_found' } });
  });
});
