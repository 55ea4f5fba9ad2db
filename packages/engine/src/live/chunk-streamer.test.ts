import { describe, expect, it } from 'vitest';
import type { SourceClip } from '../processors/clip-source.ts';
import { ChunkStreamer } from './chunk-streamer.ts';

const CHUNK = 131_072;
const RATE = 48_000;
const MINUTE = 60 * RATE;

/** Fetches are answered by hand. */
function createRig(minutes = 30) {
  const resident = new Map<number, number>();
  const asked: number[] = [];
  const pending: { index: number; resolve(): void; reject(): void }[] = [];
  let most = 0;
  const streamer = new ChunkStreamer({
    chunkFrames: CHUNK,
    sampleRate: RATE,
    fetchChunk: (_, start, frames) => {
      const index = start / CHUNK;
      asked.push(index);
      return new Promise((resolve, reject) => {
        pending.push({
          index,
          resolve: () => resolve(new ArrayBuffer(frames * 8)),
          reject: () => reject(new Error('away')),
        });
        most = Math.max(most, pending.length);
      });
    },
    add: ({ index }, samples) => void resident.set(index, samples.byteLength),
    drop: ({ index }) => void resident.delete(index),
  });
  const frames = minutes * MINUTE;
  const clip: SourceClip = {
    assetId: 'a',
    channels: 2,
    startFrame: 0,
    offsetFrames: 0,
    lengthFrames: frames,
    gain: 1,
  };
  streamer.setTimeline([clip], new Map([['a', { id: 'a', channels: 2, frames }]]));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answerAll = async () => {
    for (let job = pending.shift(); job; job = pending.shift()) {
      job.resolve();
      await turn();
    }
  };
  return { streamer, resident, asked, pending, answerAll, turn, most: () => most };
}

describe('ChunkStreamer', () => {
  it('fetches a little ahead, in order, four at a time, each chunk once', async () => {
    const rig = createRig();
    rig.streamer.advance(0, 0);
    rig.streamer.advance(100, 10);
    expect(rig.asked).toEqual([0, 1, 2]);
    await rig.answerAll();
    rig.streamer.advance(CHUNK, 20);
    await rig.answerAll();
    expect(rig.asked).toEqual([0, 1, 2, 3]);
    expect(rig.most()).toBeLessThanOrEqual(4);
  });

  it('never holds the whole song, however long it plays', async () => {
    const rig = createRig();
    let most = 0;
    for (let position = 0; position < 30 * MINUTE; position += CHUNK) {
      rig.streamer.advance(position, position);
      await rig.answerAll();
      most = Math.max(
        most,
        [...rig.resident.values()].reduce((a, b) => a + b, 0),
      );
    }
    expect(rig.asked.length).toBeGreaterThan(600);
    expect(most).toBeLessThan(72 * 1024 * 1024);
  });

  it('tells when enough is there to start, and not before', async () => {
    const rig = createRig();
    let ready = false;
    const waiting = rig.streamer.ready(CHUNK - 1000, 0).then(() => {
      ready = true;
    });
    rig.pending.shift()?.resolve();
    await rig.turn();
    expect(ready).toBe(false);
    rig.pending.shift()?.resolve();
    await waiting;
    expect(ready).toBe(true);
  });

  it('tries a failed fetch again after a pause, and lets go when disposed', async () => {
    const rig = createRig();
    rig.streamer.advance(0, 0);
    rig.pending.shift()?.reject();
    await rig.turn();
    rig.streamer.advance(0, 500);
    expect(rig.asked.filter((i) => i === 0)).toHaveLength(1);
    rig.streamer.advance(0, 1000);
    expect(rig.asked.filter((i) => i === 0)).toHaveLength(2);
    const waiting = rig.streamer.ready(10 * CHUNK, 1000);
    rig.streamer.dispose();
    await waiting;
  });
});
