import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createOutlets, textFrame } from './outlet.ts';

/** A socket that keeps what is written to it. */
function fakeSocket() {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  return { socket, written };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('writes frames of every length as a WebSocket client reads them', async () => {
  const texts = ['', 'a', 'ü'.repeat(62), 'x'.repeat(125), 'x'.repeat(126), '€'.repeat(21_845)];
  texts.push('y'.repeat(65_535), 'z'.repeat(65_536), '🎛'.repeat(30_000));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (_, request) => {
    for (const text of texts) request.socket.write(textFrame(text));
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    client.on('message', (data) => {
      if (heard.push(String(data)) === texts.length) resolve();
    });
  });
  expect(heard).toEqual(texts);
  client.terminate();
  sockets.close();
  server.close();
});

it('sends what is said in one turn in one write for each connection, in order', async () => {
  const outletOf = createOutlets();
  const [a, b] = [fakeSocket(), fakeSocket()];
  const [toA, toB] = [outletOf(a.socket, () => true), outletOf(b.socket, () => true)];
  for (const text of ['one', 'two', 'three']) {
    toA.say(text);
    toB.say(text);
  }
  const length = ['one', 'two', 'three'].map(textFrame).reduce((sum, f) => sum + f.length, 0);
  expect(toA.waiting()).toBe(length);
  expect(a.written).toEqual([]);
  await turn();
  const all = Buffer.concat(['one', 'two', 'three'].map(textFrame));
  expect(a.written).toEqual([all]);
  expect(b.written).toEqual([all]);
  expect(toA.waiting()).toBe(0);
  toB.say('four');
  await turn();
  expect([a.written.length, b.written.length]).toEqual([1, 2]);
});

it('sends what waits before a goodbye, and nothing once the connection is over', async () => {
  const { socket, written } = fakeSocket();
  let open = true;
  const outlet = createOutlets()(socket, () => open);
  outlet.say('last words');
  outlet.flush();
  expect(written).toEqual([textFrame('last words')]);
  outlet.say('too late');
  open = false;
  await turn();
  expect(written).toHaveLength(1);
  expect(outlet.waiting()).toBe(0);
});
