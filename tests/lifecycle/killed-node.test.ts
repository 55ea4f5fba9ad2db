import { once } from 'node:events';
import type { ServerMessage } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createBenchProject } from '../../bench/realtime/room-of.ts';
import { startCluster } from '../support/cluster/cluster.ts';
import { killNode, type Node } from '../support/cluster/processes.ts';
import { startFakeRedis } from '../support/fake-redis/fake-redis.ts';

type Of<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

/** A raw client of the protocol, and everything that it has heard. */
async function connect({ ready }: Node) {
  const socket = new WebSocket(`ws://127.0.0.1:${ready.port}/api/v1/daw/socket`);
  const heard: ServerMessage[] = [];
  let look = () => {};
  socket.on('error', () => {});
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)));
    look();
  });
  await once(socket, 'open');
  return {
    socket,
    say: (message: object) => socket.send(JSON.stringify(message)),
    next: <T extends ServerMessage['t']>(t: T, fits: (m: Of<T>) => boolean = () => true) =>
      new Promise<Of<T>>((resolve) => {
        look = () => {
          const found = heard.find((m) => m.t === t && fits(m as Of<T>));
          if (found) resolve(found as Of<T>);
        };
        look();
      }),
  };
}

describe.each(['Postgres', 'Redis'])('two API processes that talk through %s', (way) => {
  it('are one room, which goes on where one of them is killed', async () => {
    const redis = way === 'Redis' ? await startFakeRedis() : null;
    const cluster = await startCluster({
      apis: 2,
      workers: 0,
      slots: 1,
      perUser: 1,
      queuedPerUser: 1,
      ...(redis && { redisUrl: redis.url }),
    });
    try {
      const [first, second] = cluster.apis as [Node, Node];
      const { projectId, tokens } = await createBenchProject(cluster, 2, 1);
      const hello = (at: 0 | 1, epoch: number, lastSeq: number) => ({
        ...{ t: 'hello', v: 1, token: tokens[at], projectId },
        ...{ session: `session-of-person-${at}`, epoch, lastSeq },
      });
      const ana = await connect(first);
      ana.say(hello(0, 0, -1));
      await ana.next('welcome');
      const ben = await connect(second);
      ben.say(hello(1, 0, -1));
      const { epoch, seq, plugins, presence } = await ben.next('welcome');
      const h = plugins[0]?.h ?? -1;
      // Each node knows of the other's people: from then on values go both ways.
      const isAna = ({ session }: { session: string }) => session === 'session-of-person-0';
      if (!presence.some(isAna)) await ben.next('pr', isAna);
      await ana.next('pr', ({ session }) => session === 'session-of-person-1');

      ben.say({ t: 'lock.acquire', h });
      const { f } = await ben.next('lock.ok');
      await ana.next('lk', (lk) => lk.f === f && lk.holder === 'session-of-person-1');
      const index = 0;
      ben.say({ t: 'pf', h, f, n: 1, v: [index, 0], fin: 1 });
      await ben.next('ack', ({ n }) => n === 1);
      await ana.next('pf', ({ e }) => e.some((entry) => entry.f === f && entry.n === 1));

      const cut = once(ben.socket, 'close');
      await killNode(second);
      await cut;
      const back = await connect(first);
      back.say(hello(1, epoch, seq));
      const again = await back.next('welcome');
      expect(again).toMatchObject({ mode: 'resume', seq: seq + 1 });
      const mine = again.plugins[0]?.h ?? -1;
      expect(again.locks).toMatchObject([{ h: mine, f, holder: 'session-of-person-1' }]);
      back.say({ t: 'lock.acquire', h: mine });
      expect(await back.next('lock.ok')).toMatchObject({ f, n: 1 });
      back.say({ t: 'pf', h: mine, f, n: 2, v: [index, 1], fin: 1 });
      const { seq: last } = await back.next('ack', ({ n }) => n === 2);
      expect(last).toBe(seq + 2);
      await ana.next('pf', ({ e }) => e.some((entry) => entry.f === f && entry.n === 2));
      for (const { socket } of [ana, back]) socket.terminate();
    } finally {
      await cluster.close();
      await redis?.close();
    }
  });
});
