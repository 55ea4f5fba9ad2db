import { refuse } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../testing/demo-snapshot.ts';
import type { Edit } from './edit.ts';
import { httpRequestOf } from './http-request.ts';
import { sendEdit, type Wire } from './send-edit.ts';

const snapshot = demoSnapshot();
const [track] = snapshot.tracks as [(typeof snapshot.tracks)[0]];
const [clip] = snapshot.clips as [(typeof snapshot.clips)[0]];
const [slot] = snapshot.plugins as [(typeof snapshot.plugins)[0]];

async function requestsOf(edit: Edit, answer?: (method: string, path: string) => number | null) {
  const requests: [string, string, unknown][] = [];
  const ids: string[] = [];
  const wire: Wire = {
    async perform(request, { opId }) {
      const { method, path, body } = httpRequestOf('P', request);
      requests.push([method, path, body]);
      ids.push(opId);
      return answer ? answer(method, path) : requests.length;
    },
    defaultMix: () => 0.3,
  };
  const opId = (step: number) => `op-${step}`;
  const seq = await sendEdit(wire, edit, { keepalive: false, opId });
  return Object.assign(requests, { seq, ids });
}

describe('sending edits', () => {
  it('adds a plugin with one request where it is as the server makes it', async () => {
    const added = { ...slot, mix: 0.3, position: 1 };
    const requests = await requestsOf({ kind: 'plugin.add', slot: added });
    expect(requests.seq).toBe(1);
    expect([...requests]).toEqual([
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
    expect(requests[0]?.[2]).toMatchObject({ bypassed: true, mix: 1 });
    expect(requests[1]).toEqual(['PUT', `/projects/P/plugins/${slot.id}`, { state: 'AAAA' }]);
    expect(requests.ids).toEqual(['op-0', 'op-1']);
    expect(requests.seq).toBe(2);
  });

  it('brings a whole track back: the track, its level, its clips, its chain in order', async () => {
    const whole = { track: { ...track, gainDb: -3 }, clips: [clip], plugins: [slot, slot] };
    const requests = await requestsOf({ kind: 'track.add', whole });
    expect(requests.map(([method, path]) => `${method} ${path}`)).toEqual([
      'POST /projects/P/tracks',
      `PATCH /projects/P/tracks/${track.id}`,
      'POST /projects/P/clips',
      'POST /projects/P/plugins',
      'POST /projects/P/plugins',
    ]);
    expect(requests[3]?.[2]).toMatchObject({ position: 0, mix: 1 });
    expect(requests[4]?.[2]).toMatchObject({ position: 1, mix: 1 });
    expect(requests[2]?.[2]).not.toHaveProperty('projectId');
  });

  it('takes a removal of what is gone for done, and nothing else', async () => {
    const edit: Edit = { kind: 'clip.remove', clipId: clip.id };
    const gone = (): null => {
      throw refuse('not_found', 'gone');
    };
    const locked = (): null => {
      throw refuse('plugin_locked', 'Ana');
    };
    await expect(requestsOf(edit, gone)).resolves.toMatchObject({ length: 1, seq: null });
    await expect(requestsOf(edit, locked)).rejects.toMatchObject({
      refusal: { code: 'plugin_locked' },
    });
    const set: Edit = { kind: 'clip.set', clipId: clip.id, patch: { startFrame: 1 } };
    await expect(requestsOf(set, gone)).rejects.toMatchObject({ refusal: { code: 'not_found' } });
  });
});
