import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TICK_MS } from '@mixdown/contract';
import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../../tests/support/virtual-clock.ts';
import { createTickReads } from './tick-reads.ts';
import { turnClock } from './ticks.ts';

/** A socket that notes when it is read and when not. */
function fakeSocket(clock: { now(): number }, reading = true) {
  const log: string[] = [];
  const note = (what: string) => () => log.push(`${what} ${clock.now()}`);
  const socket = new Duplex({ read() {}, write() {} });
  const handle = { reading, readStart: note('start'), readStop: note('stop') };
  return { socket: Object.assign(socket, { _handle: handle }), log };
}

it('reads a moving hand at the ticks alone, and as before once it has been still', () => {
  const clock = createVirtualClock();
  const { socket, log } = fakeSocket(clock);
  const reads = createTickReads(clock)(socket);
  clock.advance(10);
  reads.moved();
  reads.moved();
  clock.advance(31);
  expect(log).toEqual(['stop 10', 'start 40', 'stop 40']);
  clock.advance(40);
  reads.moved();
  clock.advance(1000);
  expect(log.slice(3)).toEqual([
    ...['start 80', 'stop 80', 'start 120', 'stop 120', 'start 160', 'stop 160'],
    ...['start 200', 'stop 200', 'start 240'],
  ]);
  expect(clock.pending()).toBe(0);
});

it('reads all hands of the node at the same moments', () => {
  const clock = createVirtualClock();
  const readsOf = createTickReads(clock);
  const hands = [fakeSocket(clock), fakeSocket(clock), fakeSocket(clock)];
  for (const { socket } of hands) {
    readsOf(socket).moved();
    clock.advance(11);
  }
  clock.advance(1000);
  for (const { log } of hands) {
    const starts = log.filter((line) => line.startsWith('start'));
    expect(starts).toEqual(['start 40', 'start 80', 'start 120', 'start 160']);
  }
});

it('leaves alone what is closed, has no handle, or is not wanted to be read', () => {
  const clock = createVirtualClock();
  const readsOf = createTickReads(clock);
  const closed = fakeSocket(clock);
  const reads = readsOf(closed.socket);
  reads.moved();
  reads.end();
  const full = fakeSocket(clock, false);
  readsOf(full.socket).moved();
  readsOf(new Duplex({ read() {}, write() {} })).moved();
  const destroyed = fakeSocket(clock);
  readsOf(destroyed.socket).moved();
  Object.assign(destroyed.socket, { _handle: null });
  clock.advance(1000);
  expect(closed.log).toEqual(['stop 0']);
  expect(full.log).toEqual([]);
  expect(destroyed.log).toEqual(['stop 0']);
});

it('keeps what a real socket says in the kernel until the tick', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pair = async () => {
    const client = connect(port, '127.0.0.1');
    const [served] = (await once(server, 'connection')) as [Socket];
    return { client, served };
  };
  const hand = await pair();
  const other = await pair();
  const virtual = createVirtualClock();
  // The end of a turn of the event loop is real.
  const reads = createTickReads({
    now: virtual.now,
    setTimer: (run, ms) => (ms > 0 ? virtual : turnClock).setTimer(run, ms),
  })(hand.served);
  let heard = '';
  hand.served.on('data', (data) => {
    heard += data;
    reads.moved();
  });
  const say = (client: Socket, text: string) =>
    new Promise<void>((resolve) => client.write(text, () => resolve()));
  /** What was said before has arrived by the time at which this is heard on a connection that is read as ever. */
  const arrived = async () => {
    const next = once(other.served, 'data');
    await say(other.client, '.');
    await next;
  };
  const first = once(hand.served, 'data');
  await say(hand.client, 'a');
  await first;
  await say(hand.client, 'b');
  await arrived();
  await arrived();
  expect(heard).toBe('a');
  const second = once(hand.served, 'data');
  // Ticks come from timers, after which the event loop reads before its turn ends.
  setTimeout(() => virtual.advance(TICK_MS));
  await second;
  expect(heard).toBe('ab');
  for (const { client, served } of [hand, other]) {
    client.destroy();
    served.destroy();
  }
  server.close();
});
